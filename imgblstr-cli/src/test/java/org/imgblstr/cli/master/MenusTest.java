package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
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
        assertThat(program.err()).doesNotContain("Partitions, as", "Disk, as");
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out()).contains("holds       partition 1 'text', partition 3 'random'");
    }

    @Test
    void aNoAtTheEndWritesNothing() throws IOException {
        assertThat(program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n"))
                .isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        int code = program.runTyped("2\n" + target + "\n" + image + "\nno\nno\n");
        assertThat(code).isEqualTo(ExitCode.REFUSED);
        assertThat(program.err()).contains("overwrite " + target);
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void aDownloadIsWrittenAfterAYes() throws IOException {
        assertThat(program.runTyped("1\n" + disk + "\nall\n" + image + "\nno\nyes\n"))
                .isZero();
        Path target = Files.write(folder.resolve("target.raw"), new byte[8 << 20]);
        assertThat(program.runTyped("2\n" + target + "\n" + image + "\nno\nyes\n"))
                .as(program.err())
                .isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
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
        int code = program.runTyped("2\n/nonexistent\n" + folder + "\n" + target + "\n/nonexistent.img\n" + folder
                + "\n" + disk + "\n" + image + "\nno\nyes\n");
        assertThat(code).as(program.err()).isZero();
        assertThat(program.err())
                .containsSubsequence(
                        "/nonexistent: cannot be opened",
                        "expected a block device or a regular file",
                        "/nonexistent.img: no such file",
                        "Is a directory; name an image file",
                        "expected an image");
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    @Test
    void aTerminalThatCloses() {
        assertThat(program.runTyped("1\n")).isEqualTo(ExitCode.REFUSED);
    }
}
