"""Run dbt in the environment of Spark: a program of its own, for nothing else of Breakwater is installed there.

On standard input: {"arguments", "target", "vars", "answer"}, the arguments of the build. Before it rows are
shown to Spark, and after it counts are handed over, in one session. On standard output: a line `finished NAME` for each
model and test. In the file `answer`: {"success", "exception", "models", "tests", "failed", "seconds"}.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path


def main() -> None:
    from dbt.cli.main import dbtRunner

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    told = json.load(sys.stdin)
    given = ["--vars", json.dumps(told["vars"])]
    dbt, target = dbtRunner(callbacks=[_tell]), told["target"]
    steps = (
        ["--quiet", "run-operation", "show_rows", "--target", target],
        [*told["arguments"], "--target", target],
        ["--quiet", "run-operation", "hand_over", "--target", target],
    )
    nodes = []
    for step in steps:
        result = dbt.invoke([*step, *given])
        if step is steps[1]:
            nodes = list(result.result or [])
        if not result.success:
            break
    models = [node for node in nodes if node.node.resource_type == "model"]
    answer = {
        "success": bool(result.success),
        "exception": str(result.exception or ""),
        "models": len(models),
        "tests": sum(node.node.resource_type == "test" for node in nodes),
        "failed": [node.node.name for node in nodes if node.status in ("error", "fail", "runtime error")],
        "seconds": {node.node.name: node.execution_time for node in models},
    }
    Path(told["answer"]).write_text(json.dumps(answer), encoding="utf-8")


def _end_with(parent: int) -> None:
    """End, and Spark with us, when the build that began us is no more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _tell(event) -> None:
    if event.info.name == "NodeFinished":
        sys.stdout.write(f"finished {event.data.node_info.node_name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
