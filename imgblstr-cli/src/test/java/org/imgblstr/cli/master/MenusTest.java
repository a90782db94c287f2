package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.cli.common.disks.DiskTable;
import org.imgblstr.cli.common.disks.ListedDisk;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MenusTest {
    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, 8 << 20, 1);
    }

    @Test
    void anUploadIsAskedForInTheOrderOfThePatent() {
        int code = program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "Function", "Disk", "zeros", "Partitions", "Image file", "Broadcast", "plan: mode 1", "Begin?");
        assertThat(program.run("verify", image)).isZero();
    }

    @Test
    void whatTheCommandLineAnswersIsNotAsked() {
        int code = program.runTyped("1\n" + image + "\nno\nyes\n", "--disk", disk, "--partition", "text,random");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err()).doesNotContain("Partitions, as", "Disk, ");
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out()).contains("holds       partition 1 'text', partition 3 'random'");
    }

    @Test
    void aNoAtTheEndWritesNothing() throws IOException {
        assertThat(program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n"))
                .isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        int code = program.runTyped("2\n" + image + "\n" + target + "\nno\nno\n");
        assertThat(code).isEqualTo(ExitCode.REFUSED);
        assertThat(program.err()).contains("overwrite " + target);
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void aDownloadIsWrittenAfterAYes() throws IOException {
        assertThat(program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n"))
                .isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        assertThat(program.runTyped("2\n" + image + "\n" + target + "\nno\nyes\n"))
                .as(program.err())
                .isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    /** Who restores by the menus never heard that there is more. */
    @Test
    void whatIsNotAskedIsNamedBesideTheCommand() throws IOException {
        assertThat(program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n"))
                .isZero();
        assertThat(program.err()).contains("(mode 1; with slaves too, mode 2)").doesNotContain("it can have more");
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        ProgramRunner download = new ProgramRunner();
        download.runTyped("2\n" + image + "\n" + target + "\nno\nno\n");
        assertThat(download.err())
                .containsSubsequence(
                        "the same by one command: ",
                        "it can have more, which is not asked here: --grow lets the last partition take the rest of a"
                                + " longer disk; --new-ids gives each disk identifiers of its own; --hostname names each"
                                + " machine\n");
    }

    @Test
    void whatADeadRunHasLeftIsNamedAndRemovedAfterAYes() throws IOException {
        Path left = Files.writeString(folder.resolve("old.img.partial-0123456789abcdef"), "half");
        assertThat(program.runTyped("no\n", "--upload", image, "--disk", disk)).isZero();
        assertThat(program.err()).contains("runs that died have left old.img.partial-0123456789abcdef");
        assertThat(left).exists();
        assertThat(program.run("--upload", folder.resolve("2.img"), "--disk", disk))
                .isZero();
        assertThat(left).exists();
        assertThat(program.runTyped("yes\n", "--upload", folder.resolve("3.img"), "--disk", disk))
                .isZero();
        assertThat(left).doesNotExist();
    }

    @Test
    void aDiskOrAnImageThatCannotBeReadIsAskedForAgain() throws IOException {
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        int code = program.runTyped("2\n/nonexistent.img\n" + folder + "\n" + disk + "\n" + image + "\n/nonexistent\n"
                + folder + "\n" + target + "\nno\nyes\n");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "/nonexistent.img: no such file",
                        "Is a directory; name an image file",
                        "expected an image",
                        "holds       the whole disk",
                        "/nonexistent: cannot be opened",
                        "expected a block device or a regular file");
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    @Test
    void whatCannotBeIsAskedForAgainOnTheSpot() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken.img"), "precious");
        int code = program.runTyped("1\n" + disk + "\n9\n2,2\nrandom\n" + taken + "\n" + folder + "/none/a.img\n"
                + image + "\nperhaps\nno\nyes\n");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "no partition '9'",
                        "partition 2 is named twice",
                        "exists already",
                        "its folder does not exist",
                        "please answer yes or no",
                        "plan: mode 1");
        assertThat(taken).hasContent("precious");
    }

    @Test
    void aDiskThatTheImageDoesNotFitIsAskedForAgain() throws IOException {
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        Path small = Files.write(folder.resolve("small.raw"), new byte[1 << 20]);
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        int code = program.runTyped("2\n" + image + "\n" + small + "\n" + image + "\n" + target + "\nno\nyes\n");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence("bytes are lacking", "no multiple of the sector size", "plan: mode 4");
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    @Test
    void theSameByOneCommandDoesTheSame() throws IOException {
        Path odd = folder.resolve("it's a $(touch x) image");
        int code =
                program.runTyped("1\n" + disk + "\n3\n" + odd + "\nno\nyes\n", "--codec", "rle", "--note", "two words");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "plan: mode 1",
                        "the same by one command: imgblstr --codec rle --note 'two words' --upload '" + folder
                                + "/it'\\''s a $(touch x) image' --disk " + disk + " --partition 3\n",
                        "Begin?");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("disk.raw", "it's a $(touch x) image");
        }
    }

    @Test
    void aBroadcastIsAskedHowManySlavesAndWhetherOnlyWhatTheyLack() {
        int code = program.runTyped("3\n" + disk + "\nall\n0\nmany\n3\nyes\n3\n", "--plan", "--interface", "lo");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "'0' is not a choice",
                        "'many' is not a choice",
                        "delta",
                        "The session is",
                        "the same by one command: imgblstr --plan --interface lo --broadcast --disk " + disk
                                + " --slaves 3 --delta --open\n");
        assertThat(program.out()).contains("to every slave that joins, open; each");
        ProgramRunner answered = new ProgramRunner();
        assertThat(answered.runTyped(
                        "3\nall\n", "--plan", "--interface", "lo", "--wait", "5s", "--delta", "--open", "--disk", disk))
                .as(answered.err())
                .isZero();
        assertThat(answered.err())
                .doesNotContain("Slaves to wait for", "delta)?", "The session is")
                .contains("imgblstr --plan --interface lo --wait 5s --delta --open --disk " + disk + " --broadcast\n");
    }

    @Test
    void aBroadcastIsAskedHowItIsSealed() {
        Path key = folder.resolve("room.key");
        assertThat(program.run("keygen", key)).isZero();
        ProgramRunner byKey = new ProgramRunner();
        int code = byKey.runTyped(
                "3\n" + disk + "\nall\nany\nno\n2\n" + folder + "/none\n" + key + ".slave\n" + key + "\n",
                "--plan",
                "--interface",
                "lo");
        assertThat(code).as(byKey.err()).isZero();
        assertThat(byKey.err())
                .containsSubsequence(
                        "The session is",
                        "cannot be read",
                        "is for slaves",
                        "--broadcast --disk " + disk + " --key-file " + key + "\n");
        assertThat(byKey.out()).contains("to every slave that joins, sealed (key file ");
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
        ProgramRunner byCode = new ProgramRunner();
        assertThat(byCode.runTyped("3\n" + disk + "\nall\nany\nno\n1\n", "--plan", "--interface", "lo"))
                .as(byCode.err())
                .isZero();
        assertThat(byCode.err()).contains("--disk " + disk + " --code new\n");
        assertThat(byCode.out()).contains("sealed (join code); each");
    }

    @Test
    void aDiskOfTheCommandLineIsNeverLeftOut() throws IOException {
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        int code = program.runTyped("4\n2\n" + image + "\nno\nno\n", "--disk", target);
        assertThat(code).isEqualTo(ExitCode.REFUSED);
        assertThat(program.err())
                .containsSubsequence(
                        "this function uses no disk", "imgblstr --disk " + target + " --download " + image);
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void aNumberChoosesFromTheListAndAnythingElseIsAPath() throws Exception {
        List<ListedDisk> disks = List.of(ListedDisk.of(disk.toString(), false));
        assertThat(DiskMenu.path("1", disks)).isEqualTo(disk.toString());
        assertThat(DiskMenu.path("2", disks)).isEqualTo("2");
        assertThat(DiskMenu.path("/dev/sda", disks)).isEqualTo("/dev/sda");
        assertThat(DiskTable.numbered(disks).get(1)).startsWith("  1  " + disk);
        assertThat(DiskTable.numbered(disks).get(0))
                .as("nobody has looked how much is used")
                .doesNotContain("used");
    }

    @Test
    void aTerminalThatCloses() {
        assertThat(program.runTyped("1\n")).isEqualTo(ExitCode.REFUSED);
    }
}
