# Build: types are checked and stripped; the node package of the development dependencies is not needed here.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && mkdir -m 0700 /state

# Run: no shell, no package manager, not root.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production SLACK_AUDIT_RECEIVER_CONFIG=/etc/slack-audit-receiver/receiver.yaml
# glibc would keep about 25 MiB of what large buffers and the threads have left behind (docs/performance.md).
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=4194304 MALLOC_TRIM_THRESHOLD_=4194304
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY config/container.yaml /etc/slack-audit-receiver/receiver.yaml
COPY --from=build --chown=65532:65532 /state /var/lib/slack-audit-receiver
VOLUME /var/lib/slack-audit-receiver
# It listens on loopback unless SLACK_AUDIT_RECEIVER_LISTEN says otherwise (0.0.0.0:8080).
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/nodejs/bin/node", "/app/dist/main.js", "status", "--probe"]
# Node opens its inspector at SIGUSR1 until the program listens for it.
ENTRYPOINT ["/nodejs/bin/node", "--disable-sigusr1", "/app/dist/main.js"]
