package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.identity.NewIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a Linux in a folder that stands for its file system, with links that lead out of it. */
class LinuxFilesTest {
    private static final String OLD_ID = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private Path root;
    private Path outside;
    private Tree tree;

    @BeforeEach
    void makeTree() throws Exception {
        root = Files.createDirectories(folder.resolve("root"));
        outside = Files.writeString(folder.resolve("outside"), "secret\n");
        tree = new Tree(root);
        put("etc/hostname", "gold\n");
        put("etc/hosts", "127.0.1.1 gold\n");
        put("etc/machine-id", OLD_ID + "\n");
    }

    private Path put(String path, String text) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String text(String path) throws Exception {
        return Files.readString(root.resolve(path));
    }

    @Test
    void theMachineIdIsNewInBothPlaces() throws Exception {
        put("var/lib/dbus/machine-id", OLD_ID + "\n");

        List<String> changed = new LinuxFiles(tree, "").renew(new NewIds(new Random(1)));

        assertThat(changed).containsExactly("machine-id");
        assertThat(text("etc/machine-id")).matches("[0-9a-f]{32}\n").isNotEqualTo(OLD_ID + "\n");
        assertThat(text("var/lib/dbus/machine-id")).isEqualTo(text("etc/machine-id"));
    }

    @Test
    void aMachineIdThatTheSystemMakesItselfStaysEmpty() throws Exception {
        put("etc/machine-id", "uninitialized\n");
        assertThat(new LinuxFiles(tree, "").renew(new NewIds(new Random(1)))).isEmpty();
        assertThat(text("etc/machine-id")).isEqualTo("uninitialized\n");
    }

    @Test
    void hostKeysOfTheSameKindsAreMadeInTheSameFiles() throws Exception {
        assumeTrue(SystemTool.find("ssh-keygen").isPresent(), "needs ssh-keygen");
        for (String kind : List.of("ed25519", "ecdsa", "dsa")) {
            Path key = put("etc/ssh/ssh_host_" + kind + "_key", "old");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            put("etc/ssh/ssh_host_" + kind + "_key.pub", "old " + kind);
        }
        put("etc/ssh/ssh_host_ed25519_key-cert.pub", "old");
        put("etc/ssh/ssh_config", "Host *\n");

        List<String> changed = new LinuxFiles(tree, "").renew(new NewIds(new Random(1)));

        assertThat(changed).contains("SSH host keys ecdsa, ed25519");
        try (var files = Files.list(root.resolve("etc/ssh"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "ssh_config",
                            "ssh_host_ecdsa_key",
                            "ssh_host_ecdsa_key.pub",
                            "ssh_host_ed25519_key",
                            "ssh_host_ed25519_key.pub");
        }
        Path key = root.resolve("etc/ssh/ssh_host_ed25519_key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        String made = SystemTool.run("ssh-keygen", "-y", "-f", key.toString()).strip();
        assertThat(text("etc/ssh/ssh_host_ed25519_key.pub").strip())
                .isEqualTo(made)
                .endsWith(" root@gold");
    }

    @Test
    void theNameIsNewInBothFiles() throws Exception {
        new LinuxFiles(tree, "").rename("lab-07");
        assertThat(text("etc/hostname")).isEqualTo("lab-07\n");
        assertThat(text("etc/hosts")).isEqualTo("127.0.1.1 lab-07\n");
    }

    @Test
    void aLinuxWithoutANameGetsOne() throws Exception {
        Files.delete(root.resolve("etc/hostname"));
        new LinuxFiles(tree, "").rename("lab-07");
        assertThat(text("etc/hostname")).isEqualTo("lab-07\n");
        assertThat(text("etc/hosts")).isEqualTo("127.0.1.1 gold\n");
    }

    @Test
    void aLinuxInASubvolumeIsFoundThere() throws Exception {
        put("@/etc/hostname", "inner\n");
        new LinuxFiles(tree, "@/").rename("lab-07");
        assertThat(text("@/etc/hostname")).isEqualTo("lab-07\n");
        assertThat(text("etc/hostname")).isEqualTo("gold\n");
    }

    /** A link that leads out of the disk would let a restored disk choose a file of the operator's machine. */
    @Test
    void noLinkIsFollowedAnywhere() throws Exception {
        Files.delete(root.resolve("etc/hostname"));
        Files.createSymbolicLink(root.resolve("etc/hostname"), outside);
        Files.delete(root.resolve("etc/machine-id"));
        Files.createSymbolicLink(root.resolve("etc/machine-id"), outside);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("ssh_host_rsa_key"), "secret\n");
        Files.createSymbolicLink(root.resolve("etc/ssh"), elsewhere);
        Files.createSymbolicLink(root.resolve("boot"), elsewhere);
        Files.writeString(elsewhere.resolve("cmdline.txt"), "secret\n");

        LinuxFiles linux = new LinuxFiles(tree, "");
        assertThat(linux.hostName()).isEmpty();
        assertThat(linux.renew(new NewIds(new Random(1)))).isEmpty();
        assertThatThrownBy(() -> linux.rename("lab-07"))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("/etc/hostname cannot be made");

        assertThat(Files.readString(outside)).isEqualTo("secret\n");
        assertThat(Files.readString(elsewhere.resolve("ssh_host_rsa_key"))).isEqualTo("secret\n");
        assertThat(Places.texts(tree, "")).doesNotContain(root.resolve("boot/cmdline.txt"));
        assertThat(tree.hasFolder("boot")).isFalse();
    }

    /** What nobody rewrites must be known, so that the identifiers in it stay. */
    @Test
    void textsBehindLinksAreFoundWithinTheDisk() throws Exception {
        put("etc/fstab.real", "x");
        Files.createSymbolicLink(root.resolve("etc/fstab"), Path.of("/etc/../etc/fstab.real"));
        put("boot.real/grub/grub.cfg", "x");
        put("boot.real/loader/entries/a.conf", "x");
        Files.createSymbolicLink(root.resolve("boot"), Path.of("../../boot.real"));
        put("etc/kernel/cmdline", "x");
        put("etc/cmdline.d/x.conf", "x");
        Files.createSymbolicLink(root.resolve("etc/cmdline.d/same.conf"), Path.of("x.conf"));
        Files.createSymbolicLink(root.resolve("etc/systemd"), folder);
        Files.createSymbolicLink(root.resolve("etc/grub.d"), Path.of("grub.d"));

        assertThat(Places.textsBehindLinks(tree, ""))
                .containsExactlyInAnyOrder(
                        root.resolve("etc/fstab.real"),
                        root.resolve("boot.real/grub/grub.cfg"),
                        root.resolve("boot.real/loader/entries/a.conf"));
        assertThat(Places.brokenLinks(tree, "")).isEmpty();
    }

    @Test
    void aLinkOfTheSystemToAFileOfAnotherDiskIsBroken() throws Exception {
        Files.createSymbolicLink(root.resolve("etc/fstab"), outside);
        Files.createSymbolicLink(root.resolve("etc/crypttab"), Path.of("crypttab"));
        put("etc/systemd/system/a.service", "x");
        Files.createSymbolicLink(root.resolve("etc/systemd/system/b.service"), Path.of("/dev/null"));

        assertThat(Places.textsBehindLinks(tree, "")).isEmpty();
        assertThat(Places.brokenLinks(tree, "")).containsExactly("etc/fstab", "etc/crypttab");
    }

    @Test
    void linksOfASubvolumeBeginAtItsRoot() throws Exception {
        put("@/etc/real", "x");
        put("etc/real", "x");
        Files.createSymbolicLink(root.resolve("@/etc/fstab"), Path.of("/../etc/real"));
        assertThat(Places.textsBehindLinks(tree, "@/")).containsExactly(root.resolve("@/etc/real"));
    }

    @Test
    void aFileThatIsMadeCanBeReadByAll() throws Exception {
        Files.delete(root.resolve("etc/hostname"));
        new LinuxFiles(tree, "").rename("lab-07");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("etc/hostname"))))
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.made("etc/key", "rw-------"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws Exception {
        try (RandomAccessFile hosts =
                new RandomAccessFile(root.resolve("etc/hosts").toFile(), "rw")) {
            hosts.setLength(Tree.MOST_BYTES + 1);
        }
        assertThatThrownBy(() -> new LinuxFiles(tree, "").rename("lab-07"))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("/etc/hosts cannot be read: it has more than 16 MiB");
    }

    @Test
    void placesAreFoundByTheirPatterns() throws Exception {
        List<String> named = List.of(
                "etc/fstab",
                "etc/grub.d/40_custom",
                "etc/systemd/system/home.mount",
                "etc/systemd/system/home.mount.d/override.conf",
                "boot/grub/grub.cfg",
                "boot/grub/i386-pc/load.cfg",
                "grub2/grubenv",
                "boot/loader/entries/a-1.conf",
                "EFI/debian/grub.cfg",
                "cmdline.txt");
        for (String path : named) {
            put(path, "x");
        }
        put("etc/passwd", "x");
        put("etc/systemd/system/home.mount.d/a/b.conf", "x");
        put("etc/systemd/system/home.mount.wants/b.conf", "x");
        put("boot/vmlinuz", "x");
        put("EFI/BOOT/BOOTX64.EFI", "x");
        put("EFI/Microsoft/Boot/BCD", "x");

        assertThat(Places.texts(tree, ""))
                .containsExactlyInAnyOrderElementsOf(
                        named.stream().map(root::resolve).toList());
        assertThat(Places.programs(tree)).containsExactly(root.resolve("EFI/BOOT/BOOTX64.EFI"));
        assertThat(Places.bootStores(tree)).containsExactly(root.resolve("EFI/Microsoft/Boot/BCD"));
    }

    @Test
    void aFileThatBecomesShorterHasNoRestOfTheOldOne() throws Exception {
        Path file = put("etc/long", "a long text");
        tree.write(file, "short".getBytes(StandardCharsets.UTF_8));
        assertThat(text("etc/long")).isEqualTo("short");
        assertThat(tree.text(file)).isEqualTo("short");
    }
}
