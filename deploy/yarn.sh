#!/usr/bin/env bash
# kgraph on YARN, with the environment sent along. NOT RUN on YARN where this project is tested; the same archive is
# tested on a standalone cluster (tests/test_spark.py, in full). The nodes need Python 3.11 at the path where it was packed.
set -euo pipefail
python3.11 -m venv packed && packed/bin/pip install 'kgraph[spark]' venv-pack
packed/bin/venv-pack -p packed -o environment.tar.gz
PYSPARK_PYTHON=./environment/bin/python spark-submit \
  --master yarn --deploy-mode cluster \
  --archives environment.tar.gz#environment \
  --num-executors 20 --executor-cores 4 --executor-memory 4g --conf spark.executor.memoryOverhead=8g \
  deploy/submit.py build hdfs:///news/2026/ --engine spark --tables hdfs:///news/tables
