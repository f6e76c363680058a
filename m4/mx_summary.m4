# MX_SUMMARY: the closing lines of configure; each "no" names what makes it a "yes". At most 15 lines.
AC_DEFUN([MX_SUMMARY], [
  AS_IF([test "$have_check" = yes], [mx_s_check=yes], [mx_s_check="no (install check)"])
  AS_IF([test "$mx_cuda_include" != no], [mx_s_cuda=$mx_cuda_include],
    [mx_s_cuda="no (install a CUDA toolkit, or --with-cuda-include=DIR)"])
  AS_IF([test -n "$OPENMP_CFLAGS"], [mx_s_omp=yes], [mx_s_omp="no (clang: install libomp-dev)"])
  AS_IF([test "$mx_mpi" = yes], [mx_s_mpi=yes], [mx_s_mpi="no (install libopenmpi-dev, --with-mpi)"])
  AS_IF([test "$enable_sanitizers" = yes], [mx_s_san=yes], [mx_s_san="no (--enable-sanitizers)"])
  AS_IF([test "$enable_fuzzers" = yes], [mx_s_fuzz=yes], [mx_s_fuzz="no (CC=clang --enable-fuzzers)"])
  AS_IF([test -n "$PYTHON3"], [mx_s_py=$PYTHON3], [mx_s_py="no (install python3)"])
  AS_IF([test -n "$CUDA_ARCHES"], [mx_s_nvcc=$CUDA_ARCHES], [mx_s_nvcc="no (install a CUDA toolkit, or --with-cuda=DIR)"])
  AS_IF([test -n "$HIP_ARCHES"], [mx_s_hip=$HIP_ARCHES], [mx_s_hip="no (install clang-19 and lld-19, or --with-hip=DIR)"])
  AC_MSG_NOTICE([
  mxcts $PACKAGE_VERSION          $prefix
  compiler             $CC $CFLAGS
  reference (MPFR)     yes
  unit tests (check)   $mx_s_check
  NVIDIA's headers     $mx_s_cuda
  kernels, NVIDIA      $mx_s_nvcc
  kernels, AMD         $mx_s_hip
  threads (OpenMP)     $mx_s_omp
  ranks (MPI)          $mx_s_mpi
  Python tests         $mx_s_py
  sanitizers           $mx_s_san
  fuzzers              $mx_s_fuzz])
])
