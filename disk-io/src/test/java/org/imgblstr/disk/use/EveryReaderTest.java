package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No reader is forgotten: each is in the list, and has a test that keeps it to the contract. */
class EveryReaderTest {
    static Stream<Class<?>> readers() {
        return FileSystems.standard().readers().stream().map(FileSystemReader::getClass);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    void hasATestWithTheSharedContract(Class<?> reader) throws Exception {
        Class<?> test = Class.forName(reader.getName() + "Test");
        assertThat(FileSystemReaderContract.class).isAssignableFrom(test);
        FileSystemReaderContract contract =
                FileSystemReaderContract.of(test.asSubclass(FileSystemReaderContract.class));
        assertThat(contract.reader()).isExactlyInstanceOf(reader);
    }

    @Test
    void isInTheList() throws Exception {
        Path classes = Path.of(FileSystemReader.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(classes)) {
            for (Path file :
                    walk.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> type = Class.forName(name, false, getClass().getClassLoader());
                if (FileSystemReader.class.isAssignableFrom(type) && !type.isInterface()) {
                    found.add(name);
                }
            }
        }
        assertThat(readers().map(Class::getName)).containsExactlyInAnyOrderElementsOf(found);
    }
}
