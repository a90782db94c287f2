package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.slave.ImgslaveMain;

/** Runs either program in this JVM, by its name. */
final class BothPrograms {
    /** What a program said, and its exit code. */
    record Said(int code, String out, String err) {}

    private BothPrograms() {}

    static Said run(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Setting setting = new Setting(Streams.unattended(stream(out), stream(err)), new Interruption());
        String[] args = words.subList(1, words.size()).toArray(String[]::new);
        int code = words.get(0).equals("imgslave") ? ImgslaveMain.run(setting, args) : ImgblstrMain.run(setting, args);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The words of each command, such as {@code imgblstr disks}, with its help. Each command has a manual page, so these tell the names. */
    static Map<List<String>, String> help(Path folder) throws IOException {
        for (String program : List.of("imgblstr", "imgslave")) {
            assertThat(run(List.of(program, "generate-man-pages", folder.toString()))
                            .code())
                    .isZero();
        }
        Map<List<String>, String> helps = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        try (Stream<Path> pages = Files.list(folder)) {
            for (Path page : pages.toList()) {
                List<String> words =
                        List.of(page.getFileName().toString().replace(".1", "").split("-", 2));
                Said said =
                        run(Stream.concat(words.stream(), Stream.of("--help")).toList());
                assertThat(said.code()).as(said.err()).isZero();
                helps.put(words, said.out());
            }
        }
        return helps;
    }

    private static PrintStream stream(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }
}
