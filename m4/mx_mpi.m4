# MX_MPI: MPI for `mxcts sweep` over several machines. What mpicc adds to a compile and a link, so that the compiler
# stays the one that was chosen.
AC_DEFUN([MX_MPI], [
  AC_ARG_WITH([mpi],
    [AS_HELP_STRING([--with-mpi=auto|yes|no], [share sweeps among the ranks of an MPI job @<:@auto: when ompi-c is found@:>@])],
    [], [with_mpi=auto])
  mx_mpi=no
  AS_IF([test "$with_mpi" != no], [
    PKG_CHECK_MODULES([MPI], [ompi-c], [mx_mpi=yes], [
      PKG_CHECK_MODULES([MPI], [mpich], [mx_mpi=yes], [mx_mpi=no])])
    AS_IF([test "$mx_mpi" = no && test "$with_mpi" = yes],
      [AC_MSG_ERROR([--with-mpi: neither ompi-c nor mpich is known to pkg-config: install libopenmpi-dev])])
  ])
  AS_IF([test "$mx_mpi" = yes], [AC_DEFINE([HAVE_MPI], [1], [MPI is there])], [MPI_CFLAGS=; MPI_LIBS=])
])
