"""`python -m breakwater` is the `breakwater` command."""

from breakwater.cli import main

if __name__ == "__main__":
    main()
