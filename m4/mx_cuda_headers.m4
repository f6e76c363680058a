# MX_CUDA_HEADERS: the CUDA toolkit's include directory, for the subject that judges NVIDIA's conversion headers on the
# host. Only headers are needed: no nvcc, no driver, no GPU.
AC_DEFUN([MX_CUDA_HEADERS], [
  AC_ARG_WITH([cuda-include],
    [AS_HELP_STRING([--with-cuda-include=DIR|auto|no], [directory that holds cuda_fp8.h, cuda_fp6.h, cuda_fp4.h @<:@auto@:>@])],
    [], [with_cuda_include=auto])
  mx_cuda_include=no
  AS_CASE([$with_cuda_include],
    [no], [],
    [auto|yes], [
      for dir in "$CUDA_HOME/include" "$CUDA_PATH/include" /usr/local/cuda/include /usr/include /opt/cuda/include; do
        AS_IF([test -f "$dir/cuda_fp4.h"], [mx_cuda_include=$dir; break])
      done],
    [mx_cuda_include=$with_cuda_include])
  AS_IF([test "$mx_cuda_include" != no], [
    mx_save_CPPFLAGS=$CPPFLAGS
    CPPFLAGS="$CPPFLAGS -isystem $mx_cuda_include"
    AC_MSG_CHECKING([whether cuda_fp8.h, cuda_fp6.h and cuda_fp4.h in $mx_cuda_include compile for the host])
    AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#include <cuda_fp8.h>
#include <cuda_fp6.h>
#include <cuda_fp4.h>
int main(void) { return (int)__nv_cvt_float_to_fp4(1.0f, __NV_E2M1, cudaRoundNearest); }
      ]])], [AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no]); mx_cuda_include=no])
    CPPFLAGS=$mx_save_CPPFLAGS
  ])
  AS_IF([test "$mx_cuda_include" = no && test "$with_cuda_include" != no && test "$with_cuda_include" != auto],
    [AC_MSG_ERROR([--with-cuda-include=$with_cuda_include: no usable cuda_fp8.h, cuda_fp6.h, cuda_fp4.h there])])
  AC_SUBST([CUDA_INCLUDE], [$mx_cuda_include])
  AM_CONDITIONAL([HAVE_CUDA_HEADERS], [test "$mx_cuda_include" != no])
])
