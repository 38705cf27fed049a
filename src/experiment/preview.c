/* preview: see preview.h. */
#include "experiment/preview.h"

#include "base/arena.h"
#include "base/out_file.h"
#include "image/pixels.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_IMAGES = 8, EPOCHS = 5, MARGIN = 4, GAP = 12, SIDE = 96, PAPER = 255, HEADER_BYTES = 64 };

typedef struct Sheet {
    int columns, lines;          /* of images; the first line holds the originals */
    int cell_height, cell_width; /* of the largest image */
    int scale, step;             /* pixels of the sheet a pixel; or, of large images, every so-many-th pixel */
    int height, width;
    size_t header;
    unsigned char *bytes; /* the file: header, then [height][width][3] */
} Sheet;

/* ---- which images ------------------------------------------------------------------------------------ */

/* The first rows of the classes in turn; row[MOST_IMAGES]. Returns how many. */
static int pick(const Dataset *data, uint32_t row[MOST_IMAGES]) {
    const View *train = &data->train;
    int picked = 0, most = train->rows < MOST_IMAGES ? (int)train->rows : MOST_IMAGES;
    for (int round = 0; picked < most; round++)
        for (int c = 0; c < (train->label ? data->classes : 1) && picked < most; c++) {
            int seen = 0;
            for (size_t r = 0; r < train->rows; r++)
                if ((!train->label || train->label[r] == c) && seen++ == round) {
                    row[picked++] = (uint32_t)r;
                    break;
                }
        }
    return picked;
}

/* ---- drawing --------------------------------------------------------------------------------------------- */

static int most(int a, int b) { return a > b ? a : b; }
static int shown(const Sheet *sheet, int side) { return (side + sheet->step - 1) / sheet->step * sheet->scale; }
static int line_top(const Sheet *sheet, int line) {
    return GAP + line * (shown(sheet, sheet->cell_height) + MARGIN) + (line > 0 ? GAP : 0);
}

static bool lay_out(Sheet *sheet, ImageShape in, ImageShape out, int images, bool augmented, Error *err) {
    *sheet = (Sheet){.columns = images, .lines = augmented ? 1 + EPOCHS : 1};
    sheet->cell_height = most(in.height, augmented ? out.height : 0);
    sheet->cell_width = most(in.width, augmented ? out.width : 0);
    int side = most(sheet->cell_height, sheet->cell_width);
    sheet->scale = most(1, SIDE / side);
    sheet->step = most(1, (side + 4 * SIDE - 1) / (4 * SIDE));
    sheet->height = line_top(sheet, sheet->lines - 1) + shown(sheet, sheet->cell_height) + GAP;
    sheet->width = 2 * GAP + images * (shown(sheet, sheet->cell_width) + MARGIN) - MARGIN;
    size_t size = HEADER_BYTES + 3 * (size_t)sheet->height * (size_t)sheet->width;
    sheet->bytes = malloc(size);
    if (!sheet->bytes) return fail(err, "memory is out");
    memset(sheet->bytes, PAPER, size);
    sheet->header = (size_t)sprintf((char *)sheet->bytes, "P6\n%d %d\n255\n", sheet->width, sheet->height);
    sheet->bytes[sheet->header] = PAPER;
    return true;
}

static unsigned char byte_of(ImageShape shape, const real *image, int y, int x, int colour) {
    int at = pixel_column(&shape, y, x, shape.channels == 3 ? colour : 0);
    double share = (double)image[at] / shape.max;
    return (unsigned char)(share < 0 ? 0 : share > 1 ? 255 : share * 255 + 0.5);
}

static void draw(Sheet *sheet, int line, int column, ImageShape shape, const real *image) {
    int top = line_top(sheet, line), left = GAP + column * (shown(sheet, sheet->cell_width) + MARGIN);
    for (int y = 0; y < shown(sheet, shape.height); y++)
        for (int x = 0; x < shown(sheet, shape.width); x++) {
            size_t at = (size_t)(top + y) * (size_t)sheet->width + (size_t)(left + x);
            for (int colour = 0; colour < 3; colour++)
                sheet->bytes[sheet->header + 3 * at + (size_t)colour] =
                    byte_of(shape, image, y / sheet->scale * sheet->step, x / sheet->scale * sheet->step, colour);
        }
}

static void draw_all(Sheet *sheet, const Augmentation *augmentation, const Dataset *data, uint64_t seed,
                     const uint32_t *row, real *work, real *image) {
    size_t values = image_values(augmentation->in);
    for (int i = 0; i < sheet->columns; i++) draw(sheet, 0, i, augmentation->in, data->train.x + row[i] * values);
    for (int line = 1; line < sheet->lines; line++) {
        AugmentSource source = {data->train.x, data->train.rows, seed, (uint32_t)line};
        for (int i = 0; i < sheet->columns; i++) {
            augment_row(augmentation, &source, row[i], work, image);
            draw(sheet, line, i, augmentation->out, image);
        }
    }
}

/* ---- from settings to file --------------------------------------------------------------------------------- */

static bool draw_sheet(const Settings *settings, const Dataset *data, Sheet *sheet, Error *err) {
    Augmentation augmentation;
    uint32_t row[MOST_IMAGES];
    int images = pick(data, row);
    if (!augment_plan(settings->augment, settings->augment_count, data->image, &augmentation, err)) return false;
    augment_fit(&augmentation, data->train.rows, data->train.x);
    size_t out = image_values(augmentation.out);
    size_t bytes = (augment_work(&augmentation) + out) * sizeof(real);
    if (!memory_check(bytes, err)) return false;
    real *memory = malloc(bytes);
    bool done = memory || fail(err, "memory is out");
    done = done && lay_out(sheet, augmentation.in, augmentation.out, images, augmentation.steps > 0, err);
    if (done) draw_all(sheet, &augmentation, data, (uint64_t)settings->seed, row, memory + out, memory);
    free(memory);
    return done;
}

bool preview_draw(const Settings *settings, const char *config, const Dataset *raw, Preview *out, Error *err) {
    const ImageSettings *image = &settings->data.image;
    Sheet sheet = {0};
    if (!image->on)
        return fail(err, "%s: data.image: there are no images to show; say what the columns are the pixels of",
                    config);
    if (image->channels != 1 && image->channels != 3)
        return fail(err, "%s: data.image.channels: %lld make no picture; --preview shows 1 or 3", config,
                    (long long)image->channels);
    if (!draw_sheet(settings, raw, &sheet, err)) return false;
    *out = (Preview){sheet.bytes, sheet.header + 3 * (size_t)sheet.height * (size_t)sheet.width};
    return true;
}

bool preview_save(const Preview *preview, const char *path, Error *err) {
    OutFile out;
    if (!out_file_open(&out, path, err)) return false;
    fwrite(preview->bytes, 1, preview->size, out.file);
    return out_file_close(&out, true, err);
}

void preview_free(Preview *preview) {
    free(preview->bytes);
    *preview = (Preview){0};
}
