package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;

/**
 * Contents that are known by name and whose free space is not: encrypted volumes, members of arrays and volume groups, file systems
 * without a reader. Recognising them gives the operator a name, and keeps a reader from trusting a signature left below them.
 */
public final class OpaqueReader implements FileSystemReader {
    /** Why free space cannot be told. */
    private static final String ENCRYPTED = "encrypted";

    private static final String MEMBER = "part of an array or volume group";
    private static final String NO_READER = "no reader for this file system";

    /** {@code offset}: from the start of the volume. {@code text}: the bytes as ISO 8859-1. */
    private record Signature(String name, String why, long offset, String text) {
        static Signature of(String name, String why, long offset, String text) {
            return new Signature(name, why, offset, text);
        }

        static Signature ofHex(String name, String why, long offset, String hex) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            return new Signature(name, why, offset, new String(bytes, StandardCharsets.ISO_8859_1));
        }

        boolean isAt(BlockSource volume, long place) throws DeviceException {
            return VolumeBytes.matches(volume, place, text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Source: the formats' own documents, each named; md has one superblock of version 1 in one of three places. */
    private static final List<Signature> SIGNATURES = List.of(
            Signature.ofHex("crypto_LUKS", ENCRYPTED, 0, "4C554B53BABE"),
            Signature.of("BitLocker", ENCRYPTED, 3, "-FVE-FS-"),
            Signature.ofHex("linux_raid_member", MEMBER, 0, "FC4E2BA9"),
            Signature.ofHex("linux_raid_member", MEMBER, 4096, "FC4E2BA9"),
            Signature.ofHex("bcache", MEMBER, 4096 + 24, "C68573F64E1A45CA"),
            Signature.of("apfs", NO_READER, 32, "NXSB"),
            Signature.ofHex("ReFS", NO_READER, 3, "5265465300000000"),
            Signature.of("jfs", NO_READER, 32_768, "JFS1"),
            Signature.of("reiserfs", NO_READER, 65_536 + 52, "ReIsEr"),
            Signature.ofHex("erofs", NO_READER, 1024, "E2E1F5E0"),
            Signature.of("squashfs", NO_READER, 0, "hsqs"),
            Signature.ofHex("ufs", NO_READER, 8192 + 1372, "54190100"),
            Signature.ofHex("ufs", NO_READER, 65_536 + 1372, "19015419"),
            Signature.ofHex("vmfs", NO_READER, 1 << 20, "0DD001C0"),
            Signature.ofHex("gfs2", NO_READER, 65_536, "01161970"),
            Signature.of("ocfs2", NO_READER, 8192, "OCFSV2"),
            Signature.of("ceph_bluestore", NO_READER, 0, "bluestore block device"),
            Signature.of("iso9660", NO_READER, 32_769, "CD001"),
            Signature.of("udf", NO_READER, 32_769, "BEA01"));

    private static final Signature MD_AT_END = Signature.ofHex("linux_raid_member", MEMBER, 0, "FC4E2BA9");
    private static final Signature INTEL_AT_END =
            Signature.of("isw_raid_member", MEMBER, 0, "Intel Raid ISM Cfg Sig. ");
    private static final Signature ZFS = Signature.of("zfs_member", MEMBER, 0, "");
    private static final int ZFS_RING_BYTES = 128 << 10;
    private static final int ZFS_SLOT_BYTES = 1024;
    private static final long ZFS_MAGIC = 0x00BA_B10C;
    private static final long MD_RESERVED_BYTES = 65_536;

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        return find(volume).map(signature -> new Identity(signature.name(), ""));
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        throw new UnsureException(find(volume).map(Signature::why).orElse("unknown content"));
    }

    private static Optional<Signature> find(BlockSource volume) throws DeviceException {
        for (Signature signature : SIGNATURES) {
            if (signature.isAt(volume, signature.offset())) {
                return Optional.of(signature);
            }
        }
        return isZfs(volume) ? Optional.of(ZFS) : findAtEnd(volume);
    }

    /** ZFS leaves the first 8 KiB as they were; its uberblocks fill 128 KiB from byte 131072 on, in slots of 1 KiB or more. */
    private static boolean isZfs(BlockSource volume) throws DeviceException {
        if (volume.sizeBytes() < 2L * ZFS_RING_BYTES) {
            return false;
        }
        ByteBuffer ring = ByteBuffer.allocate(ZFS_RING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        volume.read(ZFS_RING_BYTES, ring);
        for (int slot = 0; slot < ZFS_RING_BYTES; slot += ZFS_SLOT_BYTES) {
            long magic = ring.getLong(slot);
            if (magic == ZFS_MAGIC || Long.reverseBytes(magic) == ZFS_MAGIC) {
                return true;
            }
        }
        return false;
    }

    /** Members of arrays that look like what the array holds: md versions 0.90 and 1.0, and Intel's, keep their metadata near the end. */
    private static Optional<Signature> findAtEnd(BlockSource volume) throws DeviceException {
        long size = volume.sizeBytes();
        long version090 = (size & -MD_RESERVED_BYTES) - MD_RESERVED_BYTES;
        long version10 = ((size / 512 - 16) & -8) * 512;
        if (MD_AT_END.isAt(volume, version090) || MD_AT_END.isAt(volume, version10)) {
            return Optional.of(MD_AT_END);
        }
        return INTEL_AT_END.isAt(volume, size - 1024) ? Optional.of(INTEL_AT_END) : Optional.empty();
    }
}
