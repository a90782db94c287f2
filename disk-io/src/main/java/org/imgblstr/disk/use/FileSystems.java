package org.imgblstr.disk.use;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.PartcloneReader;
import org.imgblstr.disk.filesystem.SwapReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.bitlocker.BitlockerVolume;
import org.imgblstr.disk.filesystem.btrfs.BtrfsReader;
import org.imgblstr.disk.filesystem.encrypted.VolumeKeys;
import org.imgblstr.disk.filesystem.ext.ExtReader;
import org.imgblstr.disk.filesystem.fat.ExfatReader;
import org.imgblstr.disk.filesystem.fat.FatReader;
import org.imgblstr.disk.filesystem.luks.LuksVolume;
import org.imgblstr.disk.filesystem.lvm.LvmReader;
import org.imgblstr.disk.filesystem.ntfs.NtfsReader;
import org.imgblstr.disk.filesystem.xfs.XfsReader;
import org.imgblstr.disk.signature.OpaqueReader;
import org.imgblstr.disk.signature.SignatureView;
import org.imgblstr.disk.text.PlainText;

/** The readers there are. Adding a file system is adding its class to {@link #standard()}. Safe for use by several threads. */
public final class FileSystems {
    /** Volumes that keys open. */
    private static final Set<String> ENCRYPTED = Set.of(LuksVolume.NAME, BitlockerVolume.NAME);

    private final List<FileSystemReader> readers;
    private final VolumeKeys keys;

    /** What lies within encrypted volumes; null when none is opened. */
    private final FileSystems within;

    public FileSystems(List<FileSystemReader> readers) {
        this(readers, VolumeKeys.NONE, null);
    }

    private FileSystems(List<FileSystemReader> readers, VolumeKeys keys, FileSystems within) {
        this.readers = List.copyOf(readers);
        this.keys = keys;
        this.within = within;
    }

    /** Every reader of this program. */
    public static FileSystems standard() {
        return standard(false, VolumeKeys.NONE);
    }

    /**
     * Every reader of this program.
     *
     * @param skipsPageFiles whether what Windows keeps in pagefile.sys, swapfile.sys and hiberfil.sys counts as free
     * @param keys open encrypted volumes
     */
    public static FileSystems standard(boolean skipsPageFiles, VolumeKeys keys) {
        boolean opens = keys != VolumeKeys.NONE;
        return of(skipsPageFiles, false, keys, opens ? of(skipsPageFiles, true, VolumeKeys.NONE, null) : null);
    }

    private static FileSystems of(boolean skipsPageFiles, boolean isEncrypted, VolumeKeys keys, FileSystems within) {
        List<FileSystemReader> readers = List.of(
                new ExtReader(isEncrypted),
                new FatReader(),
                new ExfatReader(),
                new NtfsReader(skipsPageFiles),
                new XfsReader(),
                new BtrfsReader(),
                new SwapReader(),
                new PartcloneReader(),
                new OpaqueReader());
        // Logical volumes hold any of these; a physical volume within a logical one is used in full.
        FileSystems innermost = new FileSystems(List.of());
        FileSystems inner = new FileSystems(with(readers, new LvmReader(innermost::usedBlocks)), keys, within);
        return new FileSystems(with(readers, new LvmReader(inner::usedBlocks)), keys, within);
    }

    private static List<FileSystemReader> with(List<FileSystemReader> readers, FileSystemReader last) {
        List<FileSystemReader> all = new ArrayList<>(readers);
        all.add(last);
        return all;
    }

    /** All of them, in the order in which they are asked. */
    List<FileSystemReader> readers() {
        return readers;
    }

    private record Found(FileSystemReader reader, String name, String label) {}

    /**
     * Tells what is on a volume and which of its bytes are used. A volume that nobody recognises, that two readers claim, or of which its
     * reader is not sure, is used in full.
     */
    public FileSystem identify(BlockSource volume) throws DeviceException {
        List<Found> found = new ArrayList<>();
        SignatureView signatures = new SignatureView(volume);
        for (FileSystemReader reader : readers) {
            Optional<FileSystemReader.Identity> identity = reader.recognise(signatures);
            identity.ifPresent(known -> found.add(new Found(reader, known.name(), printable(known.label()))));
        }
        if (found.stream().anyMatch(known -> known.name().equals(BitlockerVolume.NAME))) {
            // BitLocker writes a boot sector that looks like one of FAT, so that a Windows without BitLocker does not
            // ask to format the volume.
            found.removeIf(known -> known.name().equals(FatReader.NAME));
        }
        if (found.isEmpty()) {
            return allUsed(volume, "", "", "no known file system");
        }
        if (found.size() > 1) {
            // One is left over from an earlier life of the volume, or lies within the other: which cannot be told.
            String names = found.stream().map(Found::name).collect(Collectors.joining(", "));
            return allUsed(volume, names, "", "signatures of several contents: " + names);
        }
        return usedOf(volume, found.get(0));
    }

    private UsedMap usedBlocks(BlockSource volume) throws DeviceException {
        return identify(volume).withLeftovers(volume.sectorBytes()).used();
    }

    private UsedMap usedWithin(BlockSource volume) throws UnsureException, DeviceException {
        FileSystem found = identify(volume);
        if (!found.isMapped()) {
            throw new UnsureException("encrypted, and what lies within is used in full: " + found.whyAll());
        }
        return found.used();
    }

    /** What is on a volume by its signatures alone, several divided by commas; "" when nothing is known there or it cannot be read. */
    String nameOf(BlockSource volume) throws DeviceException {
        SignatureView view = new SignatureView(volume);
        List<String> names = new ArrayList<>();
        for (FileSystemReader reader : readers) {
            try {
                reader.recognise(view).ifPresent(known -> names.add(known.name()));
            } catch (DeviceException e) {
                if (e.isGone()) {
                    throw e;
                }
            }
        }
        return String.join(", ", names);
    }

    private FileSystem usedOf(BlockSource volume, Found found) throws DeviceException {
        String name = found.name();
        String label = found.label();
        try {
            UsedMap used = within != null && ENCRYPTED.contains(name)
                    ? usedOfEncrypted(volume, name)
                    : found.reader().usedBlocks(volume);
            return new FileSystem(name, label, used, "");
        } catch (UnsureException unsure) {
            boolean isLocked = within == null && ENCRYPTED.contains(name);
            String hint = isLocked ? "; --unlock reads only what is used of it" : "";
            return allUsed(volume, name, label, unsure.getMessage() + hint);
        }
    }

    private UsedMap usedOfEncrypted(BlockSource volume, String name) throws UnsureException, DeviceException {
        return name.equals(LuksVolume.NAME)
                ? LuksVolume.usedBlocks(volume, keys, within::usedWithin)
                : BitlockerVolume.usedBlocks(volume, keys, within::usedWithin);
    }

    /** A label comes from the volume and goes to a terminal, which obeys control characters. */
    private static String printable(String label) {
        return PlainText.of(label).strip();
    }

    private static FileSystem allUsed(BlockSource volume, String name, String label, String why) {
        return new FileSystem(name, label, UsedMap.allUsed(volume.sizeBytes()), why);
    }
}
