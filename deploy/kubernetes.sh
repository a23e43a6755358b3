#!/usr/bin/env bash
# kgraph on Kubernetes. NOT RUN where this project is tested: there is no cluster there. Needs an image made of
# deploy/Containerfile, a service account that may start pods, and a bucket that all pods can read and write.
set -euo pipefail
spark-submit \
  --master k8s://https://kubernetes.example.org:6443 --deploy-mode cluster --name kgraph \
  --conf spark.kubernetes.namespace=news \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=spark \
  --conf spark.kubernetes.container.image=registry.example.org/kgraph \
  --conf spark.executor.instances=20 --conf spark.executor.cores=4 \
  --conf spark.executor.memory=4g --conf spark.executor.memoryOverhead=8g \
  --conf spark.executorEnv.OPENBLAS_NUM_THREADS=1 \
  local:///opt/kgraph/deploy/submit.py \
  build s3a://news/2026/ --engine spark --tables s3a://news/tables
