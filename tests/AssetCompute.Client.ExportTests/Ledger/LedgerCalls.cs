using AssetExport;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Records outcomes of claimed exports. Each call returns whether the export was still this instance's.</summary>
internal static class LedgerCalls
{
    public static Task<bool> CompleteAsync(this ExportLedger ledger, ExportEntry claimed, long bytes, string location, CancellationToken cancellationToken) =>
        SettleAsync(ledger, claimed, new ExportOutcome(ExportState.Exported, Bytes: bytes, Location: location), cancellationToken);

    public static Task<bool> EndAsync(this ExportLedger ledger, ExportEntry claimed, ExportState state, string reason, CancellationToken cancellationToken) =>
        SettleAsync(ledger, claimed, new ExportOutcome(state, reason), cancellationToken);

    public static Task<bool> PutOffAsync(this ExportLedger ledger, ExportEntry claimed, TimeSpan delay, string reason, CancellationToken cancellationToken, bool isCounted = true, bool isBusy = false) =>
        SettleAsync(ledger, claimed, new ExportOutcome(ExportState.Waiting, reason, delay, isCounted, isBusy), cancellationToken);

    private static async Task<bool> SettleAsync(ExportLedger ledger, ExportEntry claimed, ExportOutcome outcome, CancellationToken cancellationToken) =>
        (await ledger.SettleAsync(claimed, outcome, nextClaim: null, cancellationToken)).IsOwn;
}
