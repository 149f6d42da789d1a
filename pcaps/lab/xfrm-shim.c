/* Preloaded into charon when the kernel has no ESP (CONFIG_INET_ESP unset).
 *
 * Such a kernel hands out SPIs and accepts policies, but answers "add SA" with
 * EPROTONOSUPPORT, and charon then aborts a Quick Mode that went well.  This
 * turns that one answer into an acknowledgement and lets requests about the SA
 * that does not exist (query, delete) succeed too.  Nothing that charon puts
 * on the wire depends on it.  SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <sys/socket.h>

static int is_xfrm(int fd)
{
    int protocol = -1;
    socklen_t len = sizeof(protocol);
    return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 && protocol == NETLINK_XFRM;
}

static void patch(void *buffer, ssize_t n)
{
    struct nlmsghdr *h = buffer;
    for (unsigned left = n > 0 ? (unsigned)n : 0; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
        struct nlmsgerr *e = NLMSG_DATA(h);
        if (h->nlmsg_type != NLMSG_ERROR)
            continue;
        if (e->error == -EPROTONOSUPPORT || (e->error == -ESRCH && e->msg.nlmsg_type == XFRM_MSG_DELSA))
            e->error = 0;
    }
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    static ssize_t (*real)(int, void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, void *, size_t, int))dlsym(RTLD_NEXT, "recv");
    ssize_t n = real(fd, buffer, size, flags);
    if (is_xfrm(fd))
        patch(buffer, n);
    return n;
}

ssize_t recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *fromlen)
{
    static ssize_t (*real)(int, void *, size_t, int, struct sockaddr *, socklen_t *);
    if (!real)
        real = (ssize_t(*)(int, void *, size_t, int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "recvfrom");
    ssize_t n = real(fd, buffer, size, flags, from, fromlen);
    if (is_xfrm(fd))
        patch(buffer, n);
    return n;
}
