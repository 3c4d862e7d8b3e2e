package dev.postlude;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The plan of the house: which package may know which, and who alone knows each library. */
class HouseRulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.postlude");

  @Test
  void arrowsOnlyPointDownAFloor() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true) // a class on none of them is refused below
        .layer("roof")
        .definedBy("dev.postlude")
        .layer("routing")
        .definedBy("dev.postlude.routing")
        .layer("server")
        .definedBy("dev.postlude.server")
        .layer("filter")
        .definedBy("dev.postlude.filter")
        .layer("files")
        .definedBy("dev.postlude.files")
        .layer("http")
        .definedBy("dev.postlude.http")
        .layer("background")
        .definedBy("dev.postlude.background")
        .layer("context")
        .definedBy("dev.postlude.context")
        .layer("concurrent")
        .definedBy("dev.postlude.concurrent")
        .whereLayer("roof")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("routing")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("filter")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("files")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("roof", "routing", "server", "filter", "files")
        .whereLayer("background")
        .mayOnlyBeAccessedByLayers("roof", "routing", "server", "filter", "http")
        .whereLayer("context")
        .mayNotAccessAnyLayer()
        .whereLayer("concurrent")
        .mayNotAccessAnyLayer()
        .ensureAllClassesAreContainedInArchitecture() // a new package is given its floor first
        .check(HOUSE);
  }

  @Test
  void noPackageTakesPartInACycle() {
    // slices().matching("dev.postlude.(*)..") would leave the root package out.
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void noFileTakesPartInACycle() {
    slices().assignedFrom(new ByFile()).should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void onlyTheServerKnowsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.postlude.server")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("requests and responses outlive the connection")
        .check(HOUSE);
  }

  @Test
  void onlyJsonKnowsJackson() {
    noClasses()
        .that(areNotIn("dev.postlude.http.Json"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
        .because("a library that has one room can be exchanged")
        .check(HOUSE);
  }

  @Test
  void onlyItsCarrierKnowsMicrometer() {
    noClasses()
        .that(areNotIn("dev.postlude.context.MicrometerCarrier"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .because("the library is optional: other classes must load without it")
        .check(HOUSE);
  }

  private static DescribedPredicate<JavaClass> areNotIn(String file) {
    return DescribedPredicate.describe(
        "are not in " + file,
        type -> !type.getName().equals(file) && !type.getName().startsWith(file + "$"));
  }

  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "the packages of the house";
    }
  }

  /** Every file a slice of its own, nested classes with the one that holds them. */
  private static final class ByFile implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      JavaClass outermost = type;
      while (outermost.getEnclosingClass().isPresent()) {
        outermost = outermost.getEnclosingClass().get();
      }
      return outermost.getPackageName().startsWith("dev.postlude")
          ? SliceIdentifier.of(outermost.getName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "files";
    }
  }
}
