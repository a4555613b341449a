using AssetExport;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Runs the contract of the ledger on SQLite.</summary>
public sealed class SqliteExportLedgerTests : ExportLedgerContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("export-ledger-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private protected override Task<LedgerDatabase> OpenAsync() => Task.FromResult(LedgerDatabase.InFile(System.IO.Path.Combine(_folder.FullName, "export.db")));
}
