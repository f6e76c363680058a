# MX_GPU: compilers for the device code of libmxgpu. auto uses what is found, yes fails if it is not, no leaves it out,
# DIR is where the toolkit is. Each target is compiled for once: with auto those that fail are dropped, with yes or DIR
# they are an error. No runtime is linked; a build with neither compiler works and says so when asked to run.

# MX_GPU_TRY(what, COMMAND...): compile conftest.cu, set mx_gpu_try to yes or no
AC_DEFUN([MX_GPU_TRY], [
  AC_MSG_CHECKING([whether $1])
  AS_IF([{ echo "$2"; $2; } >&AS_MESSAGE_LOG_FD 2>&1], [mx_gpu_try=yes], [mx_gpu_try=no])
  AC_MSG_RESULT([$mx_gpu_try])
])

AC_DEFUN([MX_GPU_CUDA], [
  AC_ARG_VAR([NVCC], [CUDA compiler])
  AC_ARG_VAR([NVCCFLAGS], [CUDA compiler flags])
  AC_ARG_WITH([cuda], [AS_HELP_STRING([--with-cuda=DIR|auto|yes|no], [kernels for NVIDIA GPUs: needs nvcc @<:@auto@:>@])],
    [], [with_cuda=auto])
  AC_ARG_WITH([cuda-arch], [AS_HELP_STRING([--with-cuda-arch=LIST], [compute capabilities; the last also as PTX @<:@80,90,100@:>@])],
    [mx_arches=`echo "$withval" | tr , ' '`], [mx_arches="80 90 100"])
  CUDA_ARCHES= NVCC_GENCODE=
  AS_IF([test "$with_cuda" != no], [
    AS_CASE([$with_cuda], [auto|yes], [mx_dir=${CUDA_HOME:-${CUDA_PATH:-/usr/local/cuda}} mx_path=$mx_dir/bin$PATH_SEPARATOR$PATH],
      [mx_dir=$with_cuda mx_path=$mx_dir/bin])
    AC_PATH_PROG([NVCC], [nvcc], [], [$mx_path])
    AS_IF([test -n "$NVCC"], [
      echo 'extern "C" __global__ void k(int *p) { *p = 1; }' > conftest.cu
      for mx_a in $mx_arches; do
        MX_GPU_TRY([$NVCC compiles for sm_$mx_a],
          [$NVCC $NVCCFLAGS -std=c++17 -fatbin -gencode arch=compute_$mx_a,code=sm_$mx_a -o conftest.fatbin conftest.cu])
        AS_IF([test $mx_gpu_try = yes], [
          CUDA_ARCHES="$CUDA_ARCHES sm_$mx_a" mx_last=$mx_a
          NVCC_GENCODE="$NVCC_GENCODE -gencode arch=compute_$mx_a,code=sm_$mx_a"],
          [test "$with_cuda" != auto], [AC_MSG_ERROR([--with-cuda: $NVCC does not compile for sm_$mx_a; see config.log, or --with-cuda-arch])])
      done
      rm -f conftest.cu conftest.fatbin])
    AS_IF([test -n "$CUDA_ARCHES"], [
      CUDA_ARCHES="`echo $CUDA_ARCHES` compute_$mx_last"
      NVCC_GENCODE="$NVCC_GENCODE -gencode arch=compute_$mx_last,code=compute_$mx_last"],
      [test "$with_cuda" != auto], [AC_MSG_ERROR([--with-cuda=$with_cuda: no working nvcc in $mx_path; see config.log])])
  ])
  AC_SUBST([CUDA_ARCHES]) AC_SUBST([NVCC_GENCODE])
  AM_CONDITIONAL([HAVE_NVCC], [test -n "$CUDA_ARCHES"])
])

AC_DEFUN([MX_GPU_HIP], [
  AC_ARG_VAR([HIPCLANG], [clang with the AMDGPU target])
  AC_ARG_VAR([HIPFLAGS], [flags for it])
  AC_ARG_WITH([hip], [AS_HELP_STRING([--with-hip=DIR|auto|yes|no],
    [kernels for AMD GPUs: needs clang and lld with the AMDGPU target, no ROCm @<:@auto@:>@])], [], [with_hip=auto])
  AC_ARG_WITH([hip-arch], [AS_HELP_STRING([--with-hip-arch=LIST], [targets @<:@gfx90a,gfx942,gfx1100,gfx1201, gfx950 where the compiler knows it@:>@])],
    [mx_arches=`echo "$withval" | tr , ' '` mx_optional=], [mx_arches="gfx90a gfx942 gfx1100 gfx1201 gfx950" mx_optional=gfx950])
  HIP_ARCHES=
  AS_IF([test "$with_hip" != no], [
    AS_CASE([$with_hip], [auto|yes], [mx_dir=${ROCM_PATH:-/opt/rocm} mx_path=$PATH_SEPARATOR$PATH], [mx_dir=$with_hip mx_path=])
    AC_PATH_PROGS([HIPCLANG], [amdclang clang-22 clang-21 clang-20 clang-19 clang-18], [],
      [$mx_dir/llvm/bin$PATH_SEPARATOR$mx_dir/bin$mx_path])
    AS_IF([test -n "$HIPCLANG"], [
      echo 'extern "C" __attribute__((global)) void k(int *p) { *p = 1; }' > conftest.cu
      for mx_a in $mx_arches; do
        MX_GPU_TRY([$HIPCLANG compiles for $mx_a],
          [$HIPCLANG $HIPFLAGS -x hip -nogpuinc -nogpulib --offload-arch=$mx_a --offload-device-only --no-gpu-bundle-output -c conftest.cu -o conftest.co])
        AS_IF([test $mx_gpu_try = yes], [HIP_ARCHES="$HIP_ARCHES $mx_a"],
          [test "$with_hip" != auto && test "$mx_a" != "$mx_optional"],
          [AC_MSG_ERROR([--with-hip: $HIPCLANG does not compile for $mx_a; see config.log, or --with-hip-arch])])
      done
      HIP_ARCHES=`echo $HIP_ARCHES`
      rm -f conftest.cu conftest.co])
    AS_IF([test -z "$HIP_ARCHES" && test "$with_hip" != auto],
      [AC_MSG_ERROR([--with-hip=$with_hip: no clang 18 or newer with lld and the AMDGPU target; see config.log])])
  ])
  AC_SUBST([HIP_ARCHES])
  AM_CONDITIONAL([HAVE_HIPCLANG], [test -n "$HIP_ARCHES"])
])
