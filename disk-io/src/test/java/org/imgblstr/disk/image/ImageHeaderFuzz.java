package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;

/** Headers of image files. A header is a value or the one exception, and a value is encoded and decoded to itself. */
public final class ImageHeaderFuzz {
    private static final int LENGTH = 12;
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;

    private ImageHeaderFuzz() {}

    /** Whether length and CRC are put right, one byte; then the header. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean isRepaired = in.u8() % 2 == 1;
        byte[] header = in.rest();
        if (isRepaired && header.length >= HeaderCodec.PREFIX_BYTES + Integer.BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(header).putInt(LENGTH, header.length);
            int crcAt = header.length - Integer.BYTES;
            bytes.putInt(crcAt, Checks.crc32c(bytes, 0, crcAt));
        }
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            if (header.length >= HeaderCodec.PREFIX_BYTES) {
                decode(header);
            }
        } catch (MalformedImageException e) {
            if (e.offset() < 0 || e.offset() > header.length) {
                throw new AssertionError("an offset outside of the header", e);
            }
        }
        budget.check();
    }

    private static void decode(byte[] bytes) throws MalformedImageException {
        int length = HeaderCodec.lengthOf(ByteBuffer.wrap(bytes), "image");
        if (length > bytes.length) {
            return;
        }
        ImageHeader header = HeaderCodec.decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length)), "image");
        try {
            if (!HeaderCodec.decode(HeaderCodec.encode(header, ImageLayout.PLAIN), "again")
                    .equals(header)) {
                throw new AssertionError("a header is decoded to another one than was encoded");
            }
        } catch (MalformedImageException e) {
            throw new AssertionError("a header that was encoded is malformed", e);
        }
        if (header.space().totalBytes() <= 0) {
            throw new AssertionError("an image of no bytes");
        }
    }

    /** Headers of the sample images. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (SampleImage sample :
                List.of(SampleImage.small(), SampleImage.smallChained(), SampleImage.random(3, 40, 5))) {
            ByteBuffer encoded = HeaderCodec.encode(sample.header, ImageLayout.PLAIN);
            byte[] seed = new byte[1 + encoded.remaining()];
            seed[0] = 1;
            encoded.get(seed, 1, seed.length - 1);
            seeds.add(seed);
        }
        return seeds;
    }
}
