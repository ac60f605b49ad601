package dev.millwright.data;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Transaction;

/** Adds rows to the newest version of a dataset that it set aside. The new version has its files, and one more. */
final class LakeReplay {
    private final LakeTable table;
    private final LakeTable.Made newest;
    private final ReplayOrder order;
    private final Reading reading;
    private final Path folder;
    private final Function<String, DatasetVersion> others;

    /**
     * Looks at the newest version.
     *
     * @param folder of the dataset
     * @param others finds the newest version of another dataset
     */
    LakeReplay(LakeTable table, ReplayOrder order, Path folder, Function<String, DatasetVersion> others) {
        this.table = table;
        this.order = order;
        this.folder = folder;
        this.others = others;
        this.newest = table.newest().orElseThrow(this::unknown);
        this.reading = newest.summary().parsedReading().orElseThrow(this::unknown);
    }

    private InvalidInputException unknown() {
        return new InvalidInputException(
                "dataset: " + order.dataset()
                        + ": its newest version doesn't say how it was read (expected: one that a run made). Run its pipeline first.");
    }

    /** What stands behind a new version. */
    private record Judgement(
            Reading reading, List<ExpectationResult> results, Replay.Repaired repaired, long taken, long setAside) {}

    Replayed run(DuckDb duck, LakeCatalog catalog, InstantSource clock) {
        ReadingRules rules = order.rules().orElse(reading.rules());
        order.rules().ifPresent(this::requireTaken);
        Map<String, DatasetVersion> tables = tables(rules);
        try (Session session = duck.session()) {
            newest.summary().quarantineFile().map(folder::resolve).ifPresent(file -> requireIds(session, file));
            Replay replay = new Replay(session, base(), rules, surroundings(tables, clock));
            Judgement judgement = judge(duck, session, replay, new Reading(rules, used(tables)));
            Optional<DatasetVersion> made = hasChanged(session, judgement)
                    ? Optional.of(store(session, catalog, judgement, clock))
                    : Optional.empty();
            return new Replayed(
                    made,
                    judgement.taken(),
                    judgement.repaired().repaired(),
                    judgement.repaired().known(),
                    judgement.repaired().gone(),
                    judgement.setAside(),
                    replay.broken(Replayed.SHOWN));
        }
    }

    private void requireTaken(ReadingRules rules) {
        Replay.requireSameTypes(order.dataset(), table.columns(newest), rules.contract());
        new EvolutionCheck(SourceSpec.of(order.dataset(), order.dataset()).withContract(rules.contract()))
                .require(
                        newest.summary().parsedContract(),
                        table.columns(newest),
                        new Outline(table.columns(newest), Inspection.Coverage.WHOLE, List.of()));
    }

    private void requireIds(Session session, Path file) {
        if (!Quarantine.hasIds(session, file)) {
            throw unknown();
        }
    }

    private Map<String, DatasetVersion> tables(ReadingRules rules) {
        Set<String> names = rules.expectations().stream()
                .flatMap(check -> check.tables().stream())
                .filter(name -> !name.equalsIgnoreCase(order.dataset()))
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, DatasetVersion> tables = new TreeMap<>();
        for (String name : names) {
            Reading.Used known = reading.tables().get(name);
            tables.put(name, others.apply(known == null ? name : known.dataset()));
        }
        return tables;
    }

    private static Map<String, Reading.Used> used(Map<String, DatasetVersion> tables) {
        Map<String, Reading.Used> used = new TreeMap<>();
        tables.forEach((name, version) -> used.put(name, new Reading.Used(version.dataset(), version.snapshot())));
        return used;
    }

    private Replay.Base base() {
        return new Replay.Base(
                order.dataset(),
                table.columns(newest),
                Lake.files(table.version(newest)),
                newest.summary().quarantineFile().map(folder::resolve),
                newest.summary().repairs(folder));
    }

    private Surroundings surroundings(Map<String, DatasetVersion> tables, InstantSource clock) {
        Map<String, Surroundings.Relation> relations = new HashMap<>();
        tables.forEach((name, version) -> relations.put(name, Lake.relation(version)));
        return new Surroundings(
                Optional.of(Lake.relation(table.version(newest))), relations, Optional.empty(), clock.instant());
    }

    private Judgement judge(DuckDb duck, Session session, Replay replay, Reading by) {
        Replay.Repaired repaired = Replay.Repaired.NONE;
        Optional<Surroundings.Relation> then = Optional.empty();
        if (order.file().isPresent()) {
            RepairFile file = RepairFile.open(
                    duck,
                    session,
                    order.dataset(),
                    order.file().get(),
                    by.rules().missing());
            Optional<String> named = file.version();
            Optional<DatasetVersion> exported = order.exported()
                    .or(() -> named.map(order.versions()))
                    .filter(version -> version.snapshot() != newest.id());
            repaired = replay.repair(
                    file,
                    exported.flatMap(version ->
                                    table.load(version.snapshot()).summary().quarantineFile())
                            .map(folder::resolve),
                    named.orElse("the newest version"));
            then = exported.map(Lake::relation);
        }
        List<ExpectationResult> results = replay.judge(then);
        return new Judgement(
                by,
                results,
                repaired,
                session.count("SELECT count(*) FROM " + Replay.TAKEN),
                session.count("SELECT count(*) FROM " + SetAside.TABLE));
    }

    private boolean hasChanged(Session session, Judgement judgement) {
        if (judgement.taken() > 0 || judgement.repaired().repaired() > 0) {
            return true;
        }
        return newest.summary()
                .quarantineFile()
                .filter(file -> session.count("SELECT count(*) FROM " + SetAside.TABLE + " s JOIN read_parquet("
                                + Sql.globLiteral(folder.resolve(file))
                                + ") f ON f.id = s.id WHERE f.reason <> s.reason")
                        > 0)
                .isPresent();
    }

    private DatasetVersion store(Session session, LakeCatalog catalog, Judgement judgement, InstantSource clock) {
        String name = UUID.randomUUID() + ".parquet";
        Optional<SnapshotSummary.StoredRepairs> repairs = judgement.repaired().repaired() > 0
                ? Optional.of(storeRepairs(session, name))
                : newest.summary().repairs();
        Optional<String> quarantine = Optional.empty();
        if (judgement.setAside() > 0) {
            Quarantine.write(session, folder.resolve("quarantine").resolve(name));
            quarantine = Optional.of("quarantine/" + name);
        }
        String mark = mark(judgement, repairs);
        SnapshotSummary summary = new SnapshotSummary(
                order.stepKey().apply(mark),
                newest.summary().rowsRead(),
                newest.summary().rows() + judgement.taken(),
                judgement.setAside(),
                quarantine,
                Optional.of(ContractJson.write(judgement.reading().rules().contract())),
                Optional.of(judgement.reading().json()),
                SnapshotSummary.json(
                        new DatasetReport(order.dataset(), judgement.results(), Ingestion.reasons(session), null)),
                repairs,
                Optional.of(new SnapshotSummary.Replays(newest.id(), mark)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        commit(session, catalog, judgement, clock, summary);
        LakeTable now =
                new LakeTable(order.dataset(), catalog.find(order.dataset()).orElseThrow());
        return now.version(now.newest().orElseThrow());
    }

    private SnapshotSummary.StoredRepairs storeRepairs(Session session, String name) {
        DurableFiles.write(
                folder.resolve("repairs").resolve(name),
                aside -> session.execute("COPY (SELECT id, cells FROM " + Replay.REPAIRS + " ORDER BY id) TO "
                        + Sql.literal(aside) + " (FORMAT parquet, COMPRESSION zstd)"));
        return new SnapshotSummary.StoredRepairs(
                "repairs/" + name,
                session.single(
                        "SELECT md5(string_agg(id || ':' || cells, chr(10) ORDER BY id)) FROM " + Replay.REPAIRS,
                        row -> row.getString(1)));
    }

    /** That of the repairs, when all else is as the source was read: a run that reads it again with them would make the same version. */
    private String mark(Judgement judgement, Optional<SnapshotSummary.StoredRepairs> repairs) {
        String known = repairs.map(SnapshotSummary.StoredRepairs::mark).orElse("");
        if (judgement.repaired().repaired() > 0
                && judgement.reading().json().equals(reading.json())
                && ContractJson.write(judgement.reading().rules().contract())
                        .equals(ContractJson.write(reading.rules().contract()))) {
            return known;
        }
        String all = newest.id()
                + known
                + judgement.reading().json()
                + ContractJson.write(judgement.reading().rules().contract());
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private void commit(
            Session session, LakeCatalog catalog, Judgement judgement, InstantSource clock, SnapshotSummary summary) {
        Transaction transaction = catalog.begin(
                order.dataset(),
                table.columns(newest),
                judgement.reading().rules().contract(),
                table.layout(newest));
        AppendFiles append = transaction.newAppend();
        if (judgement.taken() > 0) {
            VersionFiles.write(
                            session,
                            folder.resolve("data"),
                            transaction.table(),
                            Ingestion.rows(table.columns(newest), Replay.TAKEN),
                            table.columns(newest),
                            clock.millis())
                    .forEach(append::appendFile);
        }
        summary.properties().forEach(append::set);
        TableChange.commit(order.dataset() + ": step " + summary.step(), () -> {
            append.commit();
            transaction.commitTransaction();
        });
    }
}
