# The image of confianza: one static binary, nobody's user, no shell.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t confianza .
FROM docker.io/library/golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w -X main.release=${VERSION}" -o /confianza ./cmd/confianza \
 && mkdir -m 0700 /data

FROM scratch
# Certificates of the world's servers; the zones are in the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /confianza /usr/bin/confianza
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
EXPOSE 8321
ENTRYPOINT ["/usr/bin/confianza"]
CMD ["run", "--config", "/etc/confianza/confianza.yml", "--data", "/data"]
