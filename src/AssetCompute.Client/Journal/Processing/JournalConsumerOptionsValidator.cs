using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Reports every option of a processor or a relay that is out of range.</summary>
internal sealed class JournalConsumerOptionsValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : JournalConsumerOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        string[] errors = [.. options.Check().Where(static error => error is not null).Select(error => $"{typeof(TOptions).Name} '{name}': {error}")];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
