using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Finds out at the start what would fail at the first event.</summary>
internal sealed class PostgreSqlInboxOptionsValidator(IServiceProviderIsService registered) : IValidateOptions<PostgreSqlInboxOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgreSqlInboxOptions options)
    {
        List<string> failures = [];
        if (options.ConnectionString is not null && options.DataSource is not null)
        {
            failures.Add($"{nameof(options.ConnectionString)} and {nameof(options.DataSource)} exclude each other: set one.");
        }
        else if (options.ConnectionString is null && options.DataSource is null && !registered.IsService(typeof(NpgsqlDataSource)))
        {
            failures.Add($"Set {nameof(options.ConnectionString)} or {nameof(options.DataSource)}, or register an {nameof(NpgsqlDataSource)}.");
        }

        if (InboxSchema.WrongWith(options.Schema) is { } wrong)
        {
            failures.Add($"{nameof(options.Schema)}: {wrong}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
