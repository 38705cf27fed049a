/* decompose: the rows of `preprocesses` that turn the inputs along the eigenvectors of their covariance: principal
 * components and whitening. Fits in double; knows no families, files or networks. */
#ifndef NNEXP_DATA_DECOMPOSE_H
#define NNEXP_DATA_DECOMPOSE_H

#include "data/preprocess.h"

/* A whole number of components, a share of the variance in (0, 1), or COMPONENTS_ALL that there are. */
enum { COMPONENTS_ALL = 0 };

typedef struct Pca {
    double components;
} Pca;

typedef enum WhitenMethod { WHITEN_PCA, WHITEN_ZCA } WhitenMethod;

typedef struct Whiten {
    int method; /* WhitenMethod */
    double components, eps;
    int64_t ddof;
} Whiten;

extern const Field pca_fields[], whiten_fields[];

/* The members of the rows; see data/preprocess.h. They fit
 *     mean [in], components [k][in] (orthonormal rows, largest variance first, the largest entry of each positive),
 *     deviation [rank] (standard deviations along all directions that have any, the first k those of the components).
 * pca: y = (x - mean) · componentsᵀ, variance over n - 1 as scikit-learn's explained_variance_. whiten: y / sqrt(variance
 * + eps), as CS231n has it, for zca turned back by the components; variance over n - ddof. In directions where the
 * training rows do not vary, the result does not either: CS231n divides by sqrt(eps) there, which leaves training rows
 * as they are but for their rounding, and blows up whatever another row has there. */
#define COMPONENT_SHAPES                                                                                             \
    {"mean", .columns = FITTED_INPUTS}, {"components", .rows = 'k', .columns = FITTED_INPUTS}, {                     \
        "deviation", .columns = 'r'                                                                                  \
    }
bool pca_check(const void *p, Error *err);
bool pca_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err);
bool pca_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err);
bool pca_sound(const FittedPreprocess *fitted);
void pca_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size);
bool whiten_check(const void *p, Error *err);
bool whiten_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err);
bool whiten_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err);
bool whiten_sound(const FittedPreprocess *fitted);
void whiten_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size);

#endif
