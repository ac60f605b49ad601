package dev.millwright.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the code to the table of rooms in {@code docs/architecture.md}. */
class RoomsTest {
    private static final String ROOT = "dev.millwright.";

    /** Which rooms each room may import. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("core", List.of()),
            Map.entry("plan", List.of("core")),
            Map.entry("data", List.of("core", "plan")),
            Map.entry("learn", List.of("core")),
            Map.entry("evaluation", List.of("core")),
            Map.entry("registry", List.of("core")),
            // Messages that are generated, and nothing else.
            Map.entry("inference", List.of()),
            Map.entry("serving", List.of("core")),
            Map.entry("remote", List.of("core", "serving", "inference")),
            Map.entry("monitoring", List.of("core", "serving")),
            Map.entry("demo", List.of("core")),
            Map.entry(
                    "pipelines",
                    List.of("core", "plan", "data", "learn", "evaluation", "registry", "serving", "monitoring")),
            Map.entry(
                    "web",
                    List.of(
                            "core",
                            "plan",
                            "data",
                            "learn",
                            "evaluation",
                            "registry",
                            "serving",
                            "monitoring",
                            "pipelines",
                            "remote",
                            "inference")),
            Map.entry(
                    "app",
                    List.of(
                            "core",
                            "plan",
                            "data",
                            "learn",
                            "evaluation",
                            "registry",
                            "serving",
                            "monitoring",
                            "pipelines",
                            "remote",
                            "web",
                            "demo")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Wherever a build puts them: not every place is one that ArchUnit knows for tests.
            .withImportOption(location -> !location.contains(RoomsTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath()))
            .importPackages("dev.millwright");

    @Test
    void sawTheProject() {
        assertThat(CLASSES.size()).isGreaterThan(400);
        assertThat(CLASSES.stream().map(RoomsTest::room).distinct())
                .containsExactlyInAnyOrderElementsOf(MAY_IMPORT.keySet());
    }

    @TestFactory
    Stream<DynamicTest> eachRoomImportsOnlyTheRoomsThatItMay() {
        return MAY_IMPORT.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String[] foreign = MAY_IMPORT.keySet().stream()
                            .filter(room -> !room.equals(entry.getKey())
                                    && !entry.getValue().contains(room))
                            .map(room -> ROOT + room + "..")
                            .toArray(String[]::new);
                    if (foreign.length > 0) {
                        noClasses()
                                .that(resideInAPackage(ROOT + entry.getKey() + ".."))
                                .should()
                                .dependOnClassesThat(resideInAPackage("dev.millwright..")
                                        .and(resideOutsideOfPackages(ROOT + entry.getKey() + ".."))
                                        .and(JavaClass.Predicates.resideInAnyPackage(foreign)))
                                .check(CLASSES);
                    }
                }));
    }

    @Test
    void coreUsesNoForeignLibrary() {
        classes()
                .that(resideInAPackage(ROOT + "core.."))
                .should()
                .onlyDependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage("dev.millwright.core..", "java..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void onlyThoseAtTheNetworkKnowHowHttpIsSpoken() {
        noClasses()
                .that(resideOutsideOfPackages(ROOT + "web..", ROOT + "remote..", ROOT + "app.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.linecorp.armeria..")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        assertThat(CLASSES.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.matches(".*(Util|Utils|Helper|Manager|Impl|Common)")))
                .isEmpty();
    }

    private static String room(JavaClass each) {
        String rest = each.getPackageName().substring(ROOT.length());
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    }
}
