package org.imgblstr.cli.master.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.ImgblstrMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DemoCommandTest {
    @Test
    void theDemoRunsBothModesAndComparesEveryByte() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = ImgblstrMain.run(
                Setting.unattended(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                "demo");
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "imgblstr keygen ",
                        "mode 2",
                        "--key-file ",
                        "image and 3 targets compared: every byte is right",
                        "mode 5",
                        "local disk and 3 targets compared: every byte is right",
                        "By hand:",
                        "imgblstr --download disk.img --broadcast --slaves 3 ")
                .as("the disk that was read is not overwritten")
                .doesNotContain("--download disk.img --broadcast --disk");
    }
}
