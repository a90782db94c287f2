/*
 * A bare blaster: what the wire and two loops take, with no repair and nothing written. It is the ceiling beside which the programs
 * are measured.
 *
 *   blast send GROUP PORT INTERFACE_ADDRESS MIB DATAGRAM_BYTES SEGMENTS    as fast as the socket takes it
 *   blast recv GROUP PORT INTERFACE_ADDRESS                                until a second of silence; prints bytes, seconds
 *
 * SEGMENTS above 1 sends so many datagrams per system call as one segmented buffer (UDP_SEGMENT).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif
#define BATCH 32
#define BUFFER 65536

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int udp_socket(void) {
    int s = socket(AF_INET, SOCK_DGRAM, 0), one = 1, size = 32 << 20;
    if (s < 0) die("socket");
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    return s;
}

static void blast(const char *group, int port, const char *local, double mib, int bytes, int segments) {
    int s = udp_socket(), i;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct in_addr via;
    static char buffer[BATCH][BUFFER];
    struct iovec parts[BATCH];
    struct mmsghdr batch[BATCH];
    double left = mib * 1048576;

    inet_aton(group, &to.sin_addr);
    inet_aton(local, &via);
    if (setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &via, sizeof via)) die("IP_MULTICAST_IF");
    if (segments > 1 && setsockopt(s, IPPROTO_UDP, UDP_SEGMENT, &bytes, sizeof bytes)) die("UDP_SEGMENT");
    if (connect(s, (struct sockaddr *)&to, sizeof to)) die("connect");
    memset(batch, 0, sizeof batch);
    for (i = 0; i < BATCH; i++) {
        memset(buffer[i], 0x5a + i, sizeof buffer[i]);
        parts[i] = (struct iovec){buffer[i], (size_t)bytes * (segments > 1 ? segments : 1)};
        batch[i].msg_hdr.msg_iov = &parts[i];
        batch[i].msg_hdr.msg_iovlen = 1;
    }
    while (left > 0) {
        int sent = sendmmsg(s, batch, segments > 1 ? 1 : BATCH, 0);
        if (sent > 0) left -= (double)sent * parts[0].iov_len;
        else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) die("sendmmsg");
    }
}

static void receive(const char *group, int port, const char *local) {
    int s = udp_socket(), one = 1, i, got;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct ip_mreq join;
    struct timeval silence = {1, 0};
    static char buffer[BATCH][BUFFER];
    struct iovec parts[BATCH];
    struct mmsghdr batch[BATCH];
    double bytes = 0, first = 0, last = 0;

    inet_aton(group, &at.sin_addr);
    inet_aton(group, &join.imr_multiaddr);
    inet_aton(local, &join.imr_interface);
    if (bind(s, (struct sockaddr *)&at, sizeof at)) die("bind");
    if (setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join)) die("IP_ADD_MEMBERSHIP");
    setsockopt(s, IPPROTO_UDP, UDP_GRO, &one, sizeof one);
    memset(batch, 0, sizeof batch);
    for (i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){buffer[i], sizeof buffer[i]};
        batch[i].msg_hdr.msg_iov = &parts[i];
        batch[i].msg_hdr.msg_iovlen = 1;
    }
    fprintf(stderr, "listening\n");
    for (;;) {
        got = recvmmsg(s, batch, BATCH, MSG_WAITFORONE, NULL);
        if (got <= 0) {
            if (bytes > 0) break;
            continue;
        }
        last = now();
        if (bytes == 0) {
            first = last;
            setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
        }
        for (i = 0; i < got; i++) bytes += batch[i].msg_len;
    }
    printf("%.0f %.3f\n", bytes, last - first);
}

int main(int argc, char **argv) {
    if (argc == 8 && !strcmp(argv[1], "send")) {
        blast(argv[2], atoi(argv[3]), argv[4], atof(argv[5]), atoi(argv[6]), atoi(argv[7]));
    } else if (argc == 5 && !strcmp(argv[1], "recv")) {
        receive(argv[2], atoi(argv[3]), argv[4]);
    } else {
        fprintf(stderr, "usage: see the head of blast.c\n");
        return 2;
    }
    return 0;
}
