/* Answers iked's PF_KEY socket where the kernel has none: every message comes back without an error, SADB_GETSPI with a
 * random SPI. gcc -shared -fPIC -o pfkey-stub.so pfkey-stub.c -ldl -lpthread */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { pf_key = 15, header = 16, sadb_dump = 11, ext_sa = 1, ext_spirange = 16 };

static void* serve(void* argument) {
    int end = (int)(long)argument;
    unsigned char message[8192];
    ssize_t size;
    while ((size = read(end, message, sizeof message)) > 0) {
        message[2] = 0; /* sadb_msg_errno */
        if (message[1] == sadb_dump) continue;
        for (size_t at = header; at + 4 <= (size_t)size;) {
            uint16_t words, type;
            memcpy(&words, message + at, 2);
            memcpy(&type, message + at + 2, 2);
            if (words == 0) break;
            if (type == ext_spirange) {
                uint32_t spi = (uint32_t)random() | 0x01000000;
                memset(message + at + 4, 0, 12);
                memcpy(message + at + 4, &spi, 4);
                message[at + 2] = ext_sa;
            }
            at += 8u * words;
        }
        if (write(end, message, (size_t)size) < 0) break;
    }
    return 0;
}

int socket(int domain, int type, int protocol) {
    int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    if (domain != pf_key) return real(domain, type, protocol);
    int ends[2];
    pthread_t thread;
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends)) return -1;
    srandom((unsigned)getpid());
    pthread_create(&thread, 0, serve, (void*)(long)ends[1]);
    return ends[0];
}

/* IP_IPSEC_POLICY, IPV6_IPSEC_POLICY: nothing here would be protected anyway. */
int setsockopt(int fd, int level, int name, const void* value, socklen_t size) {
    int (*real)(int, int, int, const void*, socklen_t) = (int (*)(int, int, int, const void*, socklen_t))dlsym(RTLD_NEXT, "setsockopt");
    int done = real(fd, level, name, value, size);
    return done < 0 && ((level == 0 && name == 16) || (level == 41 && name == 34)) ? 0 : done;
}
