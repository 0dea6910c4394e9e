# depeche as a static binary in an empty image, run by nobody in particular.
#
#   docker build -t depeche --build-arg VERSION=$(git describe --tags --always) .
#   docker run --rm -p 127.0.0.1:50051:50051 depeche
#   docker run --rm -i depeche extract - <article.txt
#
# .ci/image runs the same build command, and checks what is copied, where
# there is no Docker daemon.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY client/go.mod client/go.sum client/
COPY proto/go.mod proto/go.sum proto/
RUN go mod download
COPY client client
COPY cmd cmd
COPY engine engine
COPY internal internal
COPY proto proto
COPY server server
COPY worker worker
ARG VERSION=
RUN CGO_ENABLED=0 GOWORK=off go build -trimpath -ldflags="-s -w -X main.version=${VERSION}" -o /out/depeche ./cmd/depeche

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/depeche /depeche
COPY LICENSE NOTICE /
USER 65532:65532
# The loopback default would not be reached from outside the container.
ENV DEPECHE_LISTEN=:50051
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["/depeche", "healthcheck"]
ENTRYPOINT ["/depeche"]
CMD ["serve"]
