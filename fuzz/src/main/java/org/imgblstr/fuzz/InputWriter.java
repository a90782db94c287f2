package org.imgblstr.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes all inputs that are kept of a target into a folder, where a fuzzer begins with them. Arguments: name of the target, folder. */
public final class InputWriter {
    private InputWriter() {}

    public static void main(String... args) throws IOException, ReflectiveOperationException {
        Path folder = Files.createDirectories(Path.of(args[1]));
        List<FuzzTarget.Input> inputs = FuzzTarget.of(args[0]).inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve("kept" + i), inputs.get(i).bytes());
        }
    }
}
