package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of dnsmasq, in a folder of their own that is removed at the end. Dnsmasq gives up root before it opens boot loaders, so these files,
 * which each machine of the network may load as well, can be read by all users of this machine; the
 * folder around them cannot be listed, and the settings are root's alone.
 */
final class BootFolder implements AutoCloseable {
    private static final Path RUN = Path.of("/run");
    private static final String SETTINGS = "dnsmasq.conf";
    private static final String TFTP = "tftp";

    private static final String NOT_LISTED = "rwx--x--x";
    private static final String LISTED = "rwxr-xr-x";
    private static final String READ_BY_ALL = "rw-r--r--";
    private static final String OWN = "rw-------";

    private final Path folder;

    private BootFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes it below /run, or in the temporary folder where that cannot be written. */
    static BootFolder make(DnsmasqSettings settings, BootMenus menus, LiveImage image) throws IOException {
        return make(
                Files.isWritable(RUN) ? RUN : Path.of(System.getProperty("java.io.tmpdir")), settings, menus, image);
    }

    static BootFolder make(Path parent, DnsmasqSettings settings, BootMenus menus, LiveImage image) throws IOException {
        BootFolder made = new BootFolder(Files.createTempDirectory(parent, "imgblstr-netboot-"));
        try {
            made.fill(settings, menus, image);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void fill(DnsmasqSettings settings, BootMenus menus, LiveImage image) throws IOException {
        Path tftp = Files.createDirectory(folder.resolve(TFTP));
        BootLoaders loaders = settings.loaders();
        if (loaders.hasBios()) {
            Files.copy(loaders.ipxe(), tftp.resolve(DnsmasqSettings.IPXE), StandardCopyOption.REPLACE_EXISTING);
        }
        if (loaders.ipxeUefi() != null) {
            Files.copy(
                    loaders.ipxeUefi(), tftp.resolve(DnsmasqSettings.IPXE_UEFI), StandardCopyOption.REPLACE_EXISTING);
        }
        if (loaders.hasGrub()) {
            Files.copy(loaders.shim(), tftp.resolve(DnsmasqSettings.SHIM), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(loaders.grub(), tftp.resolve(DnsmasqSettings.GRUB), StandardCopyOption.REPLACE_EXISTING);
            Path menu = Files.createDirectories(tftp.resolve("grub"));
            Files.writeString(
                    menu.resolve("grub.cfg"), menus.grub(settings.network().ownAddress()));
            Files.createDirectory(imaged());
            copy(image.kernel(), tftp.resolve(BootMenus.KERNEL.substring(1)));
            copy(image.memory(), tftp.resolve(BootMenus.MEMORY.substring(1)));
        }
        for (Path each : all()) {
            allow(each, Files.isDirectory(each) ? LISTED : READ_BY_ALL);
        }
        allow(folder, NOT_LISTED);
        Files.createFile(settings(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWN)));
        Files.write(settings(), settings.lines(tftp.toString()));
    }

    private static void copy(FileChannel from, Path to) throws IOException {
        try (FileChannel file = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long at = 0;
            while (at < from.size()) {
                at += from.transferTo(at, from.size() - at, file);
            }
        }
    }

    private Path imaged() {
        return folder.resolve(TFTP).resolve(BootMenus.IMAGED.substring(1));
    }

    /** From now on GRUB starts the disk of this machine. */
    void markImaged(HardwareAddress machine) throws IOException {
        if (Files.isDirectory(imaged())) {
            Path mark = Files.writeString(imaged().resolve(machine.text()), BootMenus.grubOwnDisk());
            allow(mark, READ_BY_ALL);
        }
    }

    private static void allow(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    Path settings() {
        return folder.resolve(SETTINGS);
    }

    @Override
    public void close() throws IOException {
        List<Path> paths = all();
        for (int i = paths.size() - 1; i >= 0; i--) {
            Files.delete(paths.get(i));
        }
    }

    /** All that is in it, a folder before what is in it. */
    private List<Path> all() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
