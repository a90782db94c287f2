package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

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
