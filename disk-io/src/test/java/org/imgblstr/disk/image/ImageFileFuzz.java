package org.imgblstr.disk.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Image files read at any place: by trailer, directory and index, and checked as {@code verify} does. Each step gives a value or the one exception.
 * The input is that of {@link ImageFuzz}.
 */
public final class ImageFileFuzz {
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final int MOST_TRACKS = 64;
    private static final List<PatchedBytes> IMAGES = ImageFuzz.samples();
    private static final Path FILE = file();

    private ImageFileFuzz() {}

    private static Path file() {
        try {
            Path file = Files.createTempFile("image", ".img");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which image; then as in {@link ImageFuzz}. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        byte[] bytes = ImageFuzz.patched(IMAGES.get(in.u8() % IMAGES.size()), in);
        try {
            Files.write(FILE, bytes);
            Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
            read();
            budget.check();
        } catch (MalformedImageException e) {
            if (!e.path().equals(FILE.toString())) {
                throw new AssertionError("another file is malformed", e);
            }
        } catch (IOException e) {
            throw new AssertionError("no device has failed", e);
        }
    }

    private static void read() throws IOException {
        try (ImageReader reader = ImageReader.open(FILE);
                ImageTracks tracks = new ImageTracks(reader)) {
            reader.verify((done, total) -> {}, () -> false);
            reader.unreadable();
            ByteBuffer into = ByteBuffer.allocate(
                    EncodedTrack.maxBytes(reader.space().geometry().trackBytes()));
            for (int track = 0; track < Math.min(reader.space().trackCount(), MOST_TRACKS); track++) {
                if (reader.kindOf(track).isEncoded()) {
                    reader.read(track, into.clear());
                    tracks.decode(track, into.clear());
                }
            }
        }
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return ImageFuzz.seeds();
    }
}
