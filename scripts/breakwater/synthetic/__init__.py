"""The synthetic place: invented people whose figures come out near the published ones of a real place.

Each module is one step; `make.py` runs them in order. Nothing here knows which place it is: areas, residents
and practices come from the seeds, published figures from `published.py`.
"""
