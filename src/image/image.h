/* image: how the columns of a row are the pixels of an image. A plain value; touches no pixel. */
#ifndef NNEXP_IMAGE_IMAGE_H
#define NNEXP_IMAGE_IMAGE_H

#include <stddef.h>

/* HWC: the channels of a pixel stand side by side; CHW: each channel is a plane of its own. */
typedef enum ImageLayout { IMAGE_HWC, IMAGE_CHW } ImageLayout;

typedef struct ImageShape {
    int height, width, channels; /* height 0: rows are no images */
    ImageLayout layout;
    double max; /* full brightness: pixels lie in 0 … max */
} ImageShape;

static inline size_t image_values(ImageShape shape) {
    return (size_t)shape.height * (size_t)shape.width * (size_t)shape.channels;
}

#endif
