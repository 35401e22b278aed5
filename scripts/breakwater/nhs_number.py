"""NHS numbers in SQL: the one place that says what a valid one is."""


def is_valid(digits: str) -> str:
    """Return SQL that is true for a ten-digit text with a right check digit, given SQL for the text.

    The check digit is 11 less the weighted sum (10 to 2) of the first nine modulo 11, 11 counting as 0 and
    10 as invalid; which is to say that all ten, weighted 10 to 1, sum to a multiple of 11. Ten zeros are a
    filler, not a number.
    Source: NHS Data Dictionary, NHS NUMBER.
    """
    weighted = " + ".join(f"{11 - place} * (ascii({digits}[{place}]) - 48)" for place in range(1, 11))
    return (
        f"case when regexp_full_match({digits}, '[0-9]{{10}}') and {digits} <> '0000000000'"
        f" then ({weighted}) % 11 = 0 else false end"
    )
