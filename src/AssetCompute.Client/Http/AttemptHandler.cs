using System.Diagnostics;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Http;

/// <summary>Counts what is really sent: also the second request of an attempt whose token had to be renewed.</summary>
/// <param name="account">The account's name, which is told only where it has one.</param>
internal sealed class AttemptHandler(string account) : DelegatingHandler
{
    private static readonly object s_ok = 200;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (HttpOperation.Of(request) is not { } operation)
        {
            return base.SendAsync(request, cancellationToken);
        }

        operation.CountAttempt();
        return ClientDiagnostics.Attempts.Enabled || ClientDiagnostics.TokenFetches.Enabled
            ? SendMeasuredAsync(request, operation, cancellationToken)
            : base.SendAsync(request, cancellationToken);
    }

    private void Record(HttpOperation operation, int? statusCode, string? failure)
    {
        TagList tags = default;
        if (account.Length > 0)
        {
            tags.Add(TelemetryTags.Account, account);
        }

        if (statusCode is { } status)
        {
            tags.Add(TelemetryTags.HttpResponseStatusCode, status == 200 ? s_ok : status);
        }

        if (failure is not null)
        {
            tags.Add(TelemetryTags.ErrorType, failure);
        }

        if (operation.Kind is OperationKind.GetToken)
        {
            ClientDiagnostics.TokenFetches.Add(1, tags);
        }
        else
        {
            tags.Add(TelemetryTags.Operation, operation.TelemetryName);
            ClientDiagnostics.Attempts.Add(1, tags);
        }
    }

    private async Task<HttpResponseMessage> SendMeasuredAsync(HttpRequestMessage request, HttpOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            Record(operation, status, response.IsSuccessStatusCode ? null : FailureName.Of(status));
            return response;
        }
        catch (Exception exception)
        {
            Record(operation, statusCode: null, FailureName.Of(exception));
            throw;
        }
    }
}
