/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counts for figures: by exponent and remainder, over a binade, by lane.
 */
#ifndef MX_CONFORMANCE_FIGURES_H
#define MX_CONFORMANCE_FIGURES_H

#include <mx/conformance/causes.h>
#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mxc_rate {
    size_t judged, wrong;
} mxc_rate;

/* Elements encoded, by the remainder class (row 0 is MXC_PLACE_EXACT, the last MXC_PLACE_ABOVE) and the exponent of the
 * quotient. Column c is exponent `first` + c; the first and the last hold what lies beyond. All zero for a format that
 * was not judged. */
enum { MXC_HEAT_ROWS = MXC_PLACE_ABOVE - MXC_PLACE_EXACT + 1, MXC_HEAT_COLUMNS = 48 };
typedef struct mxc_heat {
    int first, columns;
    mxc_rate cell[MXC_HEAT_ROWS][MXC_HEAT_COLUMNS];
    mxc_rate decoded[MXC_HEAT_COLUMNS]; /* elements decoded, by the exponent of the code's value */
    mxc_rate zero, inf, nan;            /* encoded zeros, Infs, NaNs (of a NaN scale too) */
} mxc_heat;

/* Errors over a binade: of element magnitudes in eighths of the last place, for normal quotients in range; of scale
 * bytes in eighths of one. cell[x][y]: significand in [1 + x/128, 1 + (x+1)/128), error (y - 16)/8, clamped. */
enum { MXC_BINADE_X = 128, MXC_BINADE_Y = 33 };
typedef struct mxc_binade {
    mx_elem elem;   /* 0: scale bytes over the binade of A */
    unsigned value; /* of the axis round; of scale for scale bytes */
    mxc_rate cell[MXC_BINADE_X][MXC_BINADE_Y];
} mxc_binade;

/* Output cells by lane; the last bin holds lanes from 32 on. */
enum { MXC_LANE_BINS = 33 };

typedef struct mxc_figures {
    mxc_heat heat[MX_ELEM_LAST + 1]; /* by format; [0] unused */
    mxc_binade *binade;
    size_t binades;
    mxc_rate quantize[MXC_LANE_BINS], dequantize[MXC_LANE_BINS];
} mxc_figures;

#ifdef __cplusplus
}
#endif

#endif
