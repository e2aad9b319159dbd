#!/usr/bin/env python3
# Phase I as jobs of a Slurm of one node, which the test starts: python3 slurm_cli_test.py ERNGEN. Needs slurm-wlm, munge, root, and a build
# with libtorch; skipped without.
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from train_cli_test import SMALL, kill_training, write_voices

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
ENVIRONMENT = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """munged, slurmctld and slurmd of one node, with all that they write in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []
        name = socket.gethostname().split(".")[0]
        self.configuration = folder / "slurm.conf"
        key, self.socket = folder / "munge.key", folder / "munge.socket"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.configuration.write_text(f"""ClusterName=test
SlurmctldHost={name}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={self.socket}
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName={name} NodeAddr=127.0.0.1 CPUs={os.cpu_count()}
PartitionName=all Nodes={name} Default=YES MaxTime=INFINITE State=UP
""")
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        self.environment = dict(ENVIRONMENT, SLURM_CONF=str(self.configuration))
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.socket}", f"--pid-file={folder}/munge.pid",
                   f"--log-file={folder}/munge.log", f"--seed-file={folder}/munge.seed")
        self.wait_for(lambda: self.socket.exists())
        self.start("slurmctld", "-D", "-f", str(self.configuration))
        self.start("slurmd", "-D", "-f", str(self.configuration))
        self.wait_for(lambda: "idle" in subprocess.run(["sinfo", "-h", "-o", "%T"], env=self.environment, capture_output=True, text=True).stdout)

    def start(self, *words):
        with open(self.folder / f"{words[0]}.txt", "w") as log:
            self.daemons.append(subprocess.Popen(words, env=self.environment, stdout=log, stderr=log))

    def wait_for(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError("".join(p.read_text() for p in sorted(self.folder.glob("*.txt")) + sorted(self.folder.glob("*.log"))))
            time.sleep(0.2)

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            daemon.wait()


class Slurm(unittest.TestCase):
    def setUp(self):
        lacking = [tool for tool in ("munged", "slurmctld", "slurmd", "sbatch") if not shutil.which(tool)]
        if lacking or os.geteuid() != 0:
            self.skipTest(f"no Slurm: {', '.join(lacking) or 'not root'}")
        self.directory = tempfile.TemporaryDirectory(dir="/var/tmp")
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name)
        write_voices(self.path / "voices")
        (self.path / "slurm").mkdir()

    def test_jobs_lead_to_the_bytes_of_the_serial_run(self):
        words = ["explore", "--phase", 1, "--data", "voices", *SMALL, "--dense-steps", 10, "--admm-steps", 10, "--admm-interval", 5, "--steps", 5,
                 "--device", "xcku060", "--clock", 100, "--max-error", 1000, "--json", "-"]
        command = [ERNGEN, *map(str, words)]
        serial = subprocess.run([*command, "-o", "serial"], cwd=self.path, capture_output=True, text=True, env=ENVIRONMENT)
        if serial.returncode == 7:
            self.skipTest("built without libtorch")
        self.assertEqual(serial.returncode, 0, serial.stderr)
        cluster = Cluster(self.path / "slurm")
        self.addCleanup(cluster.stop)
        running = subprocess.Popen([*command, "-o", "jobs", "--jobs", "slurm:2"], cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=cluster.environment)
        self.assertTrue(kill_training(str(running.pid), 300))
        output, errors = running.communicate(timeout=900)
        self.assertEqual(running.returncode, 0, errors)
        for name in ("phase1.json", "phase1.svg", "ledger.json", "chosen.safetensors", "chosen.q.safetensors"):
            self.assertEqual((self.path / "jobs" / name).read_bytes(), (self.path / "serial" / name).read_bytes(), name)
        self.assertIn("Submitted batch job", (self.path / "jobs" / "slurm.log").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
