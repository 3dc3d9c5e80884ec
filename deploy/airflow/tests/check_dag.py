"""Runs the DAGs in a real Airflow: to success, to the warning, to each failure, with retries. Called by ../test."""
import json
import os
import pathlib
import shutil
import sys
import threading
import time
import traceback

import pyarrow.dataset
from airflow_server import Airflow, Refused
from spark_operator import SparkOperator

ROOT = pathlib.Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample-data/images"
# what is not looked at here is left out: these tests are about the DAG
NO_CLUSTERS = ["clustering.enabled=false", "density.enabled=false"]
QUICK = [*NO_CLUSTERS, "segmentation.enabled=false"]
NUCLEI = {i["image"].replace("_f", "_"): i["stardist_count"]  # by Python StarDist, with the same weights
          for i in json.loads((ROOT / "sample-data/golden/golden.json").read_text())["images"]}


def table(output, name):
    return pyarrow.dataset.dataset(output / name, format="parquet").to_table().to_pylist()


class Checks:
    def __init__(self, airflow, operator, work):
        self.airflow, self.operator, self.work = airflow, operator, work

    def start(self, dag="cytolake", **params):
        return self.airflow.trigger(dag, {"settle_minutes": 0, "set": QUICK, **params})

    def ends(self, run, state, plates, analyze, failed_images, dag="cytolake"):
        """Checks how a run and its tasks ended: each task as state, or state and number of tries."""
        found, tasks = self.airflow.finish(dag, run)
        for task, expected in {"plates": plates, "analyze": analyze, "failed_images": failed_images}.items():
            got = tasks[task] if isinstance(expected, tuple) else tasks[task][0]
            assert got == expected, f"{task} ended as {got}, not {expected}: {tasks}\n{self.log_or_not(dag, run, task)}"
        assert found == state, f"the run ended as {found}, not {state}"

    def log_or_not(self, dag, run, task):
        try:
            return self.airflow.log(dag, run, task)
        except Refused as error:
            return str(error)

    def says(self, run, task, *texts, dag="cytolake", attempt=1):
        log = self.airflow.log(dag, run, task, attempt)
        for text in texts:
            assert text in log, f"the log of {task} lacks '{text}':\n{log}"

    def images(self, name, *plates):
        folder = self.work / name
        folder.mkdir()
        for plate in plates:
            for file in SAMPLE.iterdir():
                shutil.copy(file, folder / file.name.replace("SYN001", plate))
        return folder

    def sample_data_to_success_then_nothing_new(self):
        output = self.work / "tables"
        run = self.start(output=str(output), set=NO_CLUSTERS)
        self.ends(run, "success", ("success", 1), ("success", 1), "skipped")
        self.says(run, "analyze", "6 images analysed, 0 unchanged, 0 failed", "448, 74.7 an image")
        assert self.airflow.xcom("cytolake", run, "analyze", "exit_code") == 0
        assert {row["image"]: row["nuclei"] for row in table(output, "images")} == NUCLEI
        run = self.start(output=str(output))
        self.ends(run, "success", "skipped", "skipped", "skipped")

    def plate_is_waited_for_and_broken_images_are_a_warning(self):
        images, output = self.images("screen", "SYN001"), self.work / "screen-tables"
        truncated = images / "SYN001_B02_f1_nuclei.tif"
        truncated.write_bytes(truncated.read_bytes()[:20000])
        (images / "SYN001_B03_f2_cytoplasm.tif").unlink()
        run = self.start(input=[str(images)], output=str(output), settle_minutes=0.25)
        self.airflow.wait_for_state("cytolake", run, "plates", "up_for_reschedule")
        self.ends(run, "success", "success", ("success", 1), ("success", 1))
        self.says(run, "plates", "Something arrived")
        self.says(run, "analyze", "4 images analysed, 0 unchanged, 2 failed", "Some images failed")
        self.says(run, "failed_images", "SYN001_B02_1", "SYN001_B03_2", "SYN001_B02_f1_nuclei.tif")
        listed = self.airflow.xcom("cytolake", run, "failed_images")
        errors = table(output, "errors")
        assert {row["image"] for row in listed} == {row["image"] for row in errors} == {"SYN001_B02_1", "SYN001_B03_2"}
        for row in errors:
            self.says(run, "failed_images", json.dumps(row["remedy"])[1:-1])
        good = {row["image"] for row in table(output, "images") if row["status"] == "ok"}
        assert good == set(NUCLEI) - {"SYN001_B02_1", "SYN001_B03_2"}

    def wrong_configuration_fails_at_once(self):
        run = self.start(output=str(self.work / "usage"), set=["clustering.kk=[2]"])
        self.ends(run, "failed", "success", ("failed", 1), "upstream_failed")
        self.says(run, "analyze", "cytolake: There is no configuration key 'clustering.kk'",
                  "Did you mean clustering.k?", "exit code 2: wrong usage or configuration")

    def wrong_parameters_are_refused(self):
        run = self.start(ouput="somewhere")
        self.ends(run, "failed", ("failed", 1), "upstream_failed", "upstream_failed")
        self.says(run, "plates", "Unknown parameters ['ouput']")
        try:
            self.start(settle_minutes="soon")
        except Refused as error:
            assert "settle_minutes" in str(error), error
        else:
            raise AssertionError("Airflow took a settle_minutes that is no number")

    def retry_succeeds_when_the_other_run_has_ended(self):
        output = self.work / "locked"
        lock = output / "_staging/_lock"
        lock.parent.mkdir(parents=True)
        lock.write_text(json.dumps({"token": "t", "host": "microscope-7", "machine": "another", "pid": 1,
                                    "started": "", "since": "2026-01-01T00:00:00Z"}))
        alive = threading.Event()

        def beat():
            while not alive.wait(5):
                (lock.parent / "_lock-t").write_text("")

        threading.Thread(target=beat, daemon=True).start()
        run = self.start(input=[str(SAMPLE / "SYN001_B02_f1_*.tif")], output=str(output))
        self.airflow.wait_for_state("cytolake", run, "analyze", "up_for_retry")
        alive.set()
        (lock.parent / "_lock-t").unlink(missing_ok=True)
        lock.unlink()
        self.ends(run, "success", "success", ("success", 2), "skipped")
        self.says(run, "analyze", "Another run is writing to", "on microscope-7")
        assert [row["image"] for row in table(output, "images")] == ["SYN001_B02_1"]

    def every_try_fails(self):
        output = self.work / "damaged"
        output.mkdir()
        (output / "_layout.json").write_text("{")
        run = self.start(input=[str(SAMPLE / "SYN001_B02_f1_*.tif")], output=str(output))
        self.ends(run, "failed", "success", ("failed", 2), "upstream_failed")
        for attempt in (1, 2):
            self.says(run, "analyze", "_layout.json is damaged", "exit code 1", attempt=attempt)

    def kubernetes_operator(self):
        """The other DAG; what it creates is run by a stand-in for the cluster, with the real job."""
        dag = "cytolake_kubernetes"
        images, output = self.images("k8s", "SYN001"), self.work / "k8s-tables"
        for file in images.glob("*_f2_*"):
            file.unlink()
        broken = images / "SYN001_B04_f1_nuclei.tif"
        whole = broken.read_bytes()
        broken.write_bytes(whole[:20000])
        run = self.start(dag, input=[str(images)], output=str(output), spark_conf={"spark.sql.shuffle.partitions": 2})
        self.ends(run, "success", "success", ("success", 1), "success", dag)
        self.says(run, "analyze", "2 images analysed, 0 unchanged, 1 failed", dag=dag)
        self.says(run, "failed_images", "SYN001_B04_1", dag=dag)
        created = self.operator.created[-1]
        assert created["spec"]["sparkConf"]["spark.sql.shuffle.partitions"] == "2", created
        broken.write_bytes(whole)
        run = self.start(dag, input=[str(images)], output=str(output), only_new=False)
        self.ends(run, "success", "success", ("success", 1), "skipped", dag)
        self.says(run, "analyze", "1 images analysed, 2 unchanged, 0 failed", dag=dag)
        assert not self.operator.running(), "SparkApplications were left behind"
        # over before the operator is seen to run it: then the exit code is in the application's state
        run = self.start(dag, output=str(output), only_new=False, set=["clustering.kk=[2]"])
        self.ends(run, "failed", "success", ("failed", 1), "upstream_failed", dag)
        self.says(run, "analyze", "clustering.kk", dag=dag)


def main():
    spark_home, jar, home, *only = sys.argv[1:]
    work = pathlib.Path(home) / "work"
    environment = {
        "SPARK_HOME": spark_home,
        "PATH": f"{spark_home}/bin:{os.environ['PATH']}",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "CYTOLAKE_HOME": str(ROOT),
        "CYTOLAKE_JAR": jar,
        "CYTOLAKE_RETRIES": "1",
        "CYTOLAKE_RETRY_MINUTES": "0.05",
        "CYTOLAKE_POKE_SECONDS": "3",
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps({"conn_type": "spark", "host": "local[2]"}),
    }
    failed = 0
    with SparkOperator(spark_home, jar) as operator:
        environment["AIRFLOW_CONN_KUBERNETES_DEFAULT"] = json.dumps(
            {"conn_type": "kubernetes", "extra": {"kube_config": json.dumps(operator.kube_config())}})
        with Airflow(home, ROOT / "deploy/airflow/cytolake_dag.py", environment) as airflow:
            work.mkdir()
            airflow.wait_until_ready(["cytolake", "cytolake_kubernetes"])
            checks = Checks(airflow, operator, work)
            names = [n for n, f in vars(Checks).items() if callable(f) and n not in
                     ("__init__", "start", "ends", "says", "images", "log_or_not")]
            for name in only or names:
                begun = time.time()
                try:
                    getattr(checks, name)()
                    print(f"passed  {name.replace('_', ' ')} ({time.time() - begun:.0f} s)", flush=True)
                except Exception:
                    failed += 1
                    print(f"FAILED  {name.replace('_', ' ')}\n{traceback.format_exc()}", flush=True)
    print(f"{len(only or names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
