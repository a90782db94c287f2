package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes, zeroes and reads a disk in random places, with buffers of every sort, beside a copy in memory that must stay equal. */
final class DiskExercise {
    private DiskExercise() {}

    static void run(Disk disk, Random random, int steps, byte[] model) throws DeviceException {
        int sectors = model.length / disk.sectorBytes();
        for (int step = 0; step < steps; step++) {
            int first = random.nextInt(sectors);
            int offset = first * disk.sectorBytes();
            int length = (1 + random.nextInt(Math.min(sectors - first, 1500))) * disk.sectorBytes();
            switch (random.nextInt(3)) {
                case 0 -> write(disk, random, model, offset, length);
                case 1 -> zero(disk, model, offset, length);
                default -> read(disk, random, model, offset, length);
            }
        }
        disk.sync();
        read(disk, random, model, 0, model.length);
    }

    /**
     * Four threads write neighbouring pieces of seven sectors, which share pages, beginning at an odd sector, and read each back at once;
     * in the end all is read again.
     */
    static void runParallel(Disk disk, int pieces) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int piece = 0; piece < pieces; piece++) {
                int number = piece;
                results.add(threads.submit(() -> {
                    disk.write(offset(disk, number), piece(disk, number));
                    checkPiece(disk, number);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
        disk.sync();
        for (int piece = 0; piece < pieces; piece++) {
            checkPiece(disk, piece);
        }
    }

    private static long offset(Disk disk, int piece) {
        return (63L + 7L * piece) * disk.sectorBytes();
    }

    private static ByteBuffer piece(Disk disk, int piece) {
        byte[] bytes = new byte[7 * disk.sectorBytes()];
        new Random(piece).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void checkPiece(Disk disk, int piece) throws DeviceException {
        ByteBuffer found = ByteBuffer.allocate(7 * disk.sectorBytes());
        disk.read(offset(disk, piece), found);
        assertThat(found.flip()).as("piece %d", piece).isEqualTo(piece(disk, piece));
    }

    private static void write(Disk disk, Random random, byte[] model, int offset, int length) throws DeviceException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        ByteBuffer buffer = buffer(random, length);
        buffer.put(buffer.position(), bytes);
        int limit = buffer.limit();
        disk.write(offset, buffer);
        assertThat(buffer.position()).isEqualTo(buffer.limit()).isEqualTo(limit);
        System.arraycopy(bytes, 0, model, offset, length);
        read(disk, random, model, offset, length);
    }

    private static void zero(Disk disk, byte[] model, int offset, int length) throws DeviceException {
        disk.zero(offset, length);
        Arrays.fill(model, offset, offset + length, (byte) 0);
    }

    private static void read(Disk disk, Random random, byte[] model, int offset, int length) throws DeviceException {
        ByteBuffer buffer = buffer(random, length);
        int position = buffer.position();
        disk.read(offset, buffer);
        assertThat(buffer.hasRemaining()).isFalse();
        assertThat(buffer.position(position).compareTo(ByteBuffer.wrap(model, offset, length)))
                .as("%d bytes at %d", length, offset)
                .isZero();
    }

    private static ByteBuffer buffer(Random random, int length) {
        return switch (random.nextInt(4)) {
            case 0 -> ByteBuffer.allocate(length);
            case 1 -> ByteBuffer.allocateDirect(length + 100).position(100);
            case 2 -> ByteBuffer.allocate(length + 7).position(7);
            default -> AlignedBuffers.allocate(length);
        };
    }
}
