package org.imgblstr.disk.use;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.imgblstr.disk.use.Templates.Template;

/** A disk composed at random: a table of some kind, volumes, junk where nothing is, signatures of other lives anywhere. The same seed, the same disk. */
final class RandomDisk {
    private static final int MIB = 1 << 20;
    private static final int MOST_SECTORS = 110 * 2048;
    private static final String[] GPT_TYPES = {
        "af3dc60f838472478e793d69d8477de4", "a2a0d0ebe5b9334487c068b6b72699c7", "28732ac11ff8d211ba4b00a0c93ec93b"
    };

    /** What divides the disk. */
    enum Table {
        NONE,
        MBR,
        EXTENDED,
        GPT,
        HYBRID,
        MBR_OVER_GPT,
        GPT_OF_OTHER_SECTORS
    }

    /** A partition that holds a volume; one with number 0 is the whole disk. In bytes. */
    record Volume(int number, long offset, long bytes, Template template) {}

    private record Piece(long offset, ByteBuffer bytes) {}

    private final Random random;
    private final List<Template> templates;
    private final Table table;
    private final int sectorBytes;
    private final List<Volume> volumes = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private long bytes;
    private long containerOffset;

    RandomDisk(long seed, List<Template> templates) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.sectorBytes = random.nextInt(8) == 0 ? 4096 : 512;
        this.templates = templates.stream()
                .filter(template -> template.leastSector() >= sectorBytes)
                .toList();
        this.table = table(random.nextInt(20));
        compose();
    }

    private static Table table(int of20) {
        if (of20 >= 17) {
            return List.of(Table.HYBRID, Table.MBR_OVER_GPT, Table.GPT_OF_OTHER_SECTORS)
                    .get(of20 - 17);
        }
        return of20 < 2 ? Table.NONE : of20 < 7 ? Table.MBR : of20 < 12 ? Table.EXTENDED : Table.GPT;
    }

    Table table() {
        return table;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    long bytes() {
        return bytes;
    }

    List<Volume> volumes() {
        return volumes;
    }

    /** What it is made of, for a message. */
    String story() {
        return table + " of " + bytes + " bytes, sectors of " + sectorBytes + ": " + String.join("; ", story);
    }

    /** Writes it to a file, sparse. */
    void write(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
            for (Volume volume : volumes) {
                try (FileChannel in = FileChannel.open(volume.template().file())) {
                    copySparse(in, out, volume.offset());
                }
            }
            for (Piece piece : pieces) {
                out.write(piece.bytes().clear(), piece.offset());
            }
        }
    }

    private static void copySparse(FileChannel in, FileChannel out, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(64 << 10);
        byte[] zeros = new byte[block.capacity()];
        for (long at = 0; at < in.size(); at += block.capacity()) {
            int length = in.read(block.clear(), at);
            if (!Arrays.equals(block.array(), 0, length, zeros, 0, length)) {
                out.write(block.flip(), offset + at);
            }
        }
    }

    private void compose() {
        if (table == Table.NONE) {
            Template template = choose(MOST_SECTORS);
            bytes = rounded(template.bytes()) + (random.nextBoolean() ? 0 : (long) sectorBytes * random.nextInt(5000));
            volumes.add(new Volume(0, 0, bytes, template));
            story.add("undivided " + template.name());
        } else {
            layOut();
            tables();
            junk();
        }
        plant();
    }

    private void layOut() {
        int count = 1 + random.nextInt(table == Table.EXTENDED ? 5 : 4);
        long at = random.nextBoolean() || table != Table.MBR ? MIB : 63L * sectorBytes;
        for (int i = 0; i < count; i++) {
            boolean isLogical = table == Table.EXTENDED && (i > 0 || count == 1);
            if (isLogical && containerOffset == 0) {
                containerOffset = at;
            }
            at += isLogical ? Math.max(sectorBytes, gap()) : gap();
            Template template = choose(MOST_SECTORS - at / 512);
            long size = rounded(template.bytes())
                    + (random.nextInt(3) == 0 ? (long) sectorBytes * random.nextInt(3000) : 0);
            int number = isLogical ? 5 + i - (count == 1 ? 0 : 1) : i + 1;
            volumes.add(new Volume(number, at, size, template));
            story.add(number + " at " + at + " for " + size + ": " + template.name());
            at += size;
        }
        long tail = random.nextInt(3) == 0 ? MIB * (long) random.nextInt(80) : gap();
        bytes = at + Math.max(tail, 34L * sectorBytes + 16_384);
    }

    private long gap() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> MIB;
            case 2 -> (long) sectorBytes * random.nextInt(3000);
            default -> (long) MIB * random.nextInt(4);
        };
    }

    private long rounded(long value) {
        return (value + sectorBytes - 1) / sectorBytes * sectorBytes;
    }

    /** A small one when there is little room left. */
    private Template choose(long sectors) {
        List<Template> fitting = templates.stream()
                .filter(template -> template.bytes() / 512 <= sectors)
                .toList();
        List<Template> from = fitting.isEmpty() ? templates.subList(templates.size() - 1, templates.size()) : fitting;
        return from.get(random.nextInt(from.size()));
    }

    private void tables() {
        switch (table) {
            case MBR, EXTENDED -> mbr();
            case GPT -> gpt(sectorBytes);
            case HYBRID -> {
                gpt(sectorBytes);
                hybrid();
            }
            case MBR_OVER_GPT -> {
                gpt(sectorBytes);
                mbr();
            }
            case GPT_OF_OTHER_SECTORS -> gpt(sectorBytes == 512 ? 4096 : 512);
            case NONE -> throw new IllegalStateException("nothing to divide");
        }
    }

    private void mbr() {
        ByteBuffer sector = bootRecord();
        sector.putInt(440, random.nextInt());
        int slot = 0;
        for (Volume volume : volumes) {
            if (volume.number() <= 4) {
                entry(sector, slot++, type(volume), volume.offset(), volume.bytes());
            }
        }
        if (containerOffset > 0) {
            Volume last = volumes.get(volumes.size() - 1);
            entry(sector, slot, random.nextBoolean() ? 0x05 : 0x0F, containerOffset, end(last) - containerOffset);
            chain();
        }
        put(0, sector);
    }

    private int type(Volume volume) {
        int[] owners = {0x42, 0x8E, 0xFD, 0xA5, 0xAF};
        return random.nextInt(12) == 0
                ? owners[random.nextInt(owners.length)]
                : volume.template().mbrType();
    }

    /** The first record where the container begins; each other one anywhere between the logical partition before the last one and its own. */
    private void chain() {
        List<Volume> logical =
                volumes.stream().filter(volume -> volume.number() > 4).toList();
        long[] places = new long[logical.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = containerOffset;
            if (i > 0) {
                long own = logical.get(i).offset();
                long before = random.nextInt(3) == 0
                        ? (long) sectorBytes * (1 + random.nextInt(40_960))
                        : own - end(logical.get(i - 1));
                long most =
                        Math.max(1, Math.min(before, own - logical.get(i - 1).offset() - sectorBytes) / sectorBytes);
                places[i] = own - sectorBytes * (1 + Math.floorMod(random.nextLong(), most));
            }
        }
        for (int i = 0; i < places.length; i++) {
            ByteBuffer record = bootRecord();
            entry(
                    record,
                    0,
                    type(logical.get(i)),
                    logical.get(i).offset() - places[i],
                    logical.get(i).bytes());
            if (i + 1 < places.length) {
                entry(record, 1, 0x05, places[i + 1] - containerOffset, end(logical.get(i + 1)) - places[i + 1]);
            }
            put(places[i], record);
            story.add("boot record at " + places[i]);
        }
    }

    private void hybrid() {
        ByteBuffer sector = bootRecord();
        entry(sector, 0, 0xEE, sectorBytes, volumes.get(0).offset() - sectorBytes);
        Volume first = volumes.get(0);
        entry(sector, 1, type(first), first.offset(), first.bytes());
        put(0, sector);
    }

    private static ByteBuffer bootRecord() {
        return little(512).putShort(510, (short) 0xAA55);
    }

    private void entry(ByteBuffer sector, int slot, int type, long offset, long length) {
        int at = 446 + 16 * slot;
        sector.put(at + 4, (byte) type);
        sector.putInt(at + 8, (int) (offset / sectorBytes)).putInt(at + 12, (int) (length / sectorBytes));
    }

    private void gpt(int unit) {
        long sectors = bytes / unit;
        ByteBuffer entries = little(16_384);
        int slot = 0;
        for (Volume volume : volumes) {
            int at = 128 * slot++;
            entries.put(at, HexFormat.of().parseHex(GPT_TYPES[random.nextInt(GPT_TYPES.length)]));
            entries.putLong(at + 16, random.nextLong()).putLong(at + 24, random.nextLong());
            entries.putLong(at + 32, volume.offset() / unit).putLong(at + 40, end(volume) / unit - 1);
            entries.put(at + 56, ("p" + slot).getBytes(StandardCharsets.UTF_16LE));
        }
        ByteBuffer protective = bootRecord();
        protective.put(450, (byte) 0xEE).putInt(454, 1).putInt(458, (int) sectors - 1);
        put(0, protective);
        int array = 16_384 / unit;
        long guid = random.nextLong();
        put((long) unit * 2, entries);
        put((sectors - 1 - array) * unit, entries);
        put(unit, header(sectors, 1, sectors - 1, 2, entries, guid, array));
        put((sectors - 1) * unit, header(sectors, sectors - 1, 1, sectors - 1 - array, entries, guid, array));
    }

    private static ByteBuffer header(
            long sectors, long own, long other, long entriesLba, ByteBuffer entries, long guid, int array) {
        ByteBuffer header = little(512).put(0, "EFI PART".getBytes(StandardCharsets.US_ASCII));
        header.putInt(8, 0x10000).putInt(12, 92).putLong(24, own).putLong(32, other);
        header.putLong(40, 2 + array)
                .putLong(48, sectors - 2 - array)
                .putLong(56, guid)
                .putLong(64, ~guid);
        header.putLong(72, entriesLba).putInt(80, 128).putInt(84, 128).putInt(88, crc(entries, 16_384));
        return header.putInt(16, crc(header, 92));
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes.duplicate().clear().limit(length));
        return (int) crc.getValue();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long end(Volume volume) {
        return volume.offset() + volume.bytes();
    }

    private void put(long offset, ByteBuffer content) {
        pieces.add(new Piece(offset, content));
    }

    /** Where no partition is. */
    private void junk() {
        long from = containerOffset > 0 || table == Table.MBR ? 512 : 34L * 4096;
        for (Volume volume : volumes) {
            junk(from, volume.offset());
            from = end(volume);
        }
        junk(from, bytes - 34L * 4096);
    }

    private void junk(long from, long end) {
        if (containerOffset == 0 && end - from > 16_384 && random.nextInt(3) == 0) {
            byte[] noise = new byte[1 + random.nextInt(8192)];
            random.nextBytes(noise);
            put(from + Math.floorMod(random.nextLong(), end - from - noise.length), ByteBuffer.wrap(noise));
        }
    }

    private void plant() {
        // A swap header ends the life of what the volume held: its content is nothing that a copy must have.
        List<Planted.Kind> kinds = Planted.kinds().stream()
                .filter(kind -> !kind.type().equals("swap"))
                .toList();
        for (int count = random.nextInt(4); count > 1; count--) {
            Planted.Kind kind = kinds.get(random.nextInt(kinds.size()));
            int where = random.nextInt(volumes.size() + 1);
            long offset = where == 0 ? 0 : volumes.get(where - 1).offset();
            long size = where == 0 ? bytes : volumes.get(where - 1).bytes();
            for (Planted.Piece piece : kind.placer().pieces(size)) {
                // Over the table the disk would be another one.
                long least = where == 0 && table != Table.NONE ? 40_960 : 0;
                if (piece.offset() >= least && piece.offset() + piece.bytes().capacity() <= size) {
                    put(offset + piece.offset(), piece.bytes());
                }
            }
            story.add(kind.name() + " in " + (where == 0 ? "the disk" : "volume " + where));
        }
    }
}
