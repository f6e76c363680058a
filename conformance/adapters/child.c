/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/adapters/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "conformance/error.h"

/* Who is alive, for a signal handler: 0, or a process. One that finds no room is left out. */
static _Atomic pid_t alive[64];

static void replace_alive(pid_t old, pid_t new)
{
    for (size_t i = 0; i < sizeof alive / sizeof *alive; i++) {
        pid_t expected = old;
        if (atomic_compare_exchange_strong(&alive[i], &expected, new))
            return;
    }
}

void mxc_children_kill(void)
{
    for (size_t i = 0; i < sizeof alive / sizeof *alive; i++) {
        const pid_t pid = atomic_load(&alive[i]);
        if (pid)
            kill(-pid, SIGKILL);
    }
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The same file above the numbers that the child's own are to have; -1 when there is none free. */
static int out_of_the_way(int fd)
{
    if (fd > MXC_CHILD_OUT)
        return fd;
    const int above = fcntl(fd, F_DUPFD_CLOEXEC, MXC_CHILD_OUT + 1);
    close(fd);
    return above;
}

/* pipes: stdin, stdout, stderr of the child, [0] to read, [1] to write. */
static void become_child(int pipes[3][2], int talk)
{
    setpgid(0, 0);
#ifdef __linux__
    /* Nothing is left behind when the suite itself is killed. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    static const int handled[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGXFSZ};
    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
        signal(handled[i], SIG_DFL);
    /* First the parent's ends: a child that held one would not see the parent close it, and there may be room for few.
     */
    close_fd(&pipes[0][1]);
    close_fd(&pipes[1][0]);
    close_fd(&pipes[2][0]);
    const int in = out_of_the_way(pipes[0][0]), out = out_of_the_way(pipes[1][1]), err = out_of_the_way(pipes[2][1]);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (in < 0 || out < 0 || err < 0 || null < 0)
        _exit(126);
    dup2(talk ? null : in, 0);
    dup2(talk ? err : out, 1);
    dup2(err, 2);
    if (talk) {
        dup2(in, MXC_CHILD_IN);
        dup2(out, MXC_CHILD_OUT);
    }
}

mx_status mxc_child_start(mxc_child *child, void (*body)(void *argument), void *argument, int talk, mxv_error *error)
{
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    *child = (mxc_child){.to = -1, .from = -1, .err = -1};
    int failed = 0;
    for (int i = 0; i < 3; i++)
        failed |= pipe2(pipes[i], O_CLOEXEC);
    pid_t pid = failed ? -1 : fork();
    if (pid == 0) {
        become_child(pipes, talk);
        body(argument);
        _exit(126);
    }
    if (pid < 0) {
        mxc_fail(error, MX_EIO, "cannot start a process: %s", strerror(errno));
        for (int i = 0; i < 6; i++)
            close_fd(&pipes[i / 2][i % 2]);
        return MX_EIO;
    }
    setpgid(pid, pid);
    replace_alive(0, pid);
    close_fd(&pipes[0][0]);
    close_fd(&pipes[1][1]);
    close_fd(&pipes[2][1]);
    child->pid = pid;
    child->to = pipes[0][1];
    child->from = pipes[1][0];
    child->err = pipes[2][0];
    const int ends[] = {child->to, child->from, child->err};
    for (int i = 0; i < 3; i++)
        fcntl(ends[i], F_SETFL, fcntl(ends[i], F_GETFL) | O_NONBLOCK);
    return MX_OK;
}

/* Writing to a pipe that nobody reads raises SIGPIPE, which a library may not leave to its user: it is blocked for the
 * moment, and taken back when it came of this write. */
ssize_t mxc_child_write(mxc_child *child, const char *data, size_t length)
{
    sigset_t pipe_only, before, pending;
    if (child->to < 0)
        return -1;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    ssize_t n = write(child->to, data, length);
    int error = errno;
    if (n < 0 && error == EPIPE && !was_pending) {
        const struct timespec now = {0, 0};
        sigtimedwait(&pipe_only, NULL, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (n >= 0)
        return n;
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR ? 0 : -1;
}

ssize_t mxc_child_read(mxc_child *child, char *data, size_t room)
{
    if (child->from < 0)
        return 0;
    ssize_t n = read(child->from, data, room);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return -1;
    if (n > 0)
        return n;
    close_fd(&child->from);
    return 0;
}

static void read_stderr(mxc_child *child)
{
    char data[1024];
    ssize_t n = read(child->err, data, sizeof data);
    if (n > 0)
        mxc_tail_add(&child->tail, data, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        close_fd(&child->err);
}

int mxc_child_wait(mxc_child *child, int writing, unsigned timeout_ms)
{
    struct pollfd fd[3] = {{child->from, POLLIN, 0}, {child->err, POLLIN, 0}, {writing ? child->to : -1, POLLOUT, 0}};
    if (poll(fd, 3, timeout_ms > 0x7fffffff ? 0x7fffffff : (int)timeout_ms) <= 0)
        return 0;
    if (fd[1].revents)
        read_stderr(child);
    return fd[0].revents != 0;
}

static void reap(mxc_child *child)
{
    replace_alive(child->pid, 0);
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
}

int mxc_child_ended(mxc_child *child, unsigned timeout_ms)
{
    uint64_t end = mxc_clock_ms() + timeout_ms;
    while (child->pid) {
        siginfo_t info = {.si_pid = 0};
        const int got = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT);
        if (info.si_pid == child->pid || (got < 0 && errno != EINTR)) {
            if (child->from >= 0) /* what it started still holds its output */
                kill(-child->pid, SIGKILL);
            reap(child);
            break;
        }
        if (mxc_clock_ms() >= end)
            return 0;
        const struct timespec pause = {0, 1000000};
        nanosleep(&pause, NULL);
    }
    while (child->err >= 0) {
        struct pollfd fd = {child->err, POLLIN, 0};
        if (poll(&fd, 1, 0) <= 0)
            break;
        read_stderr(child);
    }
    return 1;
}

void mxc_child_kill(mxc_child *child)
{
    if (child->pid) {
        /* Its group, while the unreaped child still holds the number; also what the shell started. */
        kill(-child->pid, SIGKILL);
        kill(child->pid, SIGKILL);
        reap(child);
    }
    close_fd(&child->to);
    close_fd(&child->from);
    close_fd(&child->err);
}
