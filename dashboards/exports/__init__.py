"""Released figures as files. They see a release and nothing else, as the pages do; both make them here.

`make` is the one way to a file, for the download buttons and for `breakwater export`.
"""

from dashboards.exports.making import FORMS, File, Taken, everything, make, papers

__all__ = ["FORMS", "File", "Taken", "everything", "make", "papers"]
