"""The attacker: what can be worked out from a release file, by someone who holds all of it.

Written apart from the protector; the two share the policy, the names of levels and cells only. Everything is read from
the release: cells, areas, series and the public weights of standardised rates. `knowledge` adds the worst case that
governance assumes of an intruder, and the truth to judge by; an outsider runs without it.
"""

from breakwater.disclosure.attack.findings import Findings, attack, sharpen

__all__ = ["Findings", "attack", "sharpen"]
