using System.Globalization;
using System.Reflection;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>The members of a type that others can call or override, as text.</summary>
internal static class MemberText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Type type)
    {
        NullabilityInfoContext nullability = new();
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Literal(field.GetRawConstantValue())}");
        }

        if (TypeText.IsDelegate(type))
        {
            return [Method(type.GetMethod("Invoke")!, nullability)];
        }

        return type.GetConstructors(Declared).Where(IsVisible).Where(constructor => !IsOfTheCompiler(constructor)).Select(constructor => $"{Access(constructor)}.ctor({Parameters(constructor, nullability)})")
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field => Field(field, nullability)))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract").Select(property => Property(property, nullability)))
            .Concat(type.GetEvents(Declared).Where(@event => IsVisible(@event.AddMethod!)).Select(@event => $"event {TypeText.Of(@event.EventHandlerType!, nullability.Create(@event))} {@event.Name}"))
            .Concat(type.GetMethods(Declared).Where(IsVisible).Where(IsWritten).Select(method => Method(method, nullability)));
    }

    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>No accessor, and none of the methods that the compiler gives to every record.</summary>
    private static bool IsWritten(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && (!IsOfTheCompiler(method) || method.Name == "Deconstruct");

    private static bool IsOfTheCompiler(MethodBase method) => method.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute");

    private static string Method(MethodInfo method, NullabilityInfoContext nullability)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constrained))}>" : "";
        string extension = method.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "ExtensionAttribute") ? "this " : "";
        return $"{Access(method)}{TypeText.Of(method.ReturnType, nullability.Create(method.ReturnParameter))} {method.Name}{generic}({extension}{Parameters(method, nullability)})";
    }

    private static string Constrained(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;
        string[] types = [.. parameter.GetGenericParameterConstraints().Where(type => type.FullName != "System.ValueType").Select(TypeText.Of)];
        bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string special = attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class"
            : isStruct ? "struct"
            : types.Length == 0 && IsNotNull(parameter) ? "notnull"
            : "";
        string constructor = attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? "new()" : "";
        string all = string.Join(" & ", types.Prepend(special).Append(constructor).Where(constraint => constraint.Length > 0));
        return all.Length > 0 ? $"{parameter.Name}: {all}" : parameter.Name;
    }

    /// <summary>The compiler writes a 1 where there is never null: on the parameter itself, or once for all on what it stands in.</summary>
    private static bool IsNotNull(Type parameter)
    {
        List<MemberInfo?> places = [parameter, parameter.DeclaringMethod];
        for (Type? type = parameter.DeclaringType; type is not null; type = type.DeclaringType)
        {
            places.Add(type);
        }

        return places.OfType<MemberInfo>()
            .SelectMany(place => place.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Name == (place == parameter ? "NullableAttribute" : "NullableContextAttribute")))
            .FirstOrDefault()?.ConstructorArguments[0].Value is (byte)1;
    }

    private static string Property(PropertyInfo property, NullabilityInfoContext nullability)
    {
        MethodInfo? getter = property.GetMethod is { } get && IsVisible(get) ? get : null;
        MethodInfo? setter = property.SetMethod is { } set && IsVisible(set) ? set : null;
        bool isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") is true;
        bool isRequired = property.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");
        string accessors = string.Join(" ", new[] { getter is null ? "" : "get;", setter is null ? "" : isInit ? "init;" : "set;" }.Where(accessor => accessor.Length > 0));
        return $"{Access((getter ?? setter)!)}{(isRequired ? "required " : "")}{TypeText.Of(property.PropertyType, nullability.Create(property))} {property.Name} {{ {accessors} }}";
    }

    private static string Field(FieldInfo field, NullabilityInfoContext nullability)
    {
        string kind = field.IsLiteral ? "const " : field.IsStatic ? "static " : "";
        string value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()) : "";
        return $"{kind}{TypeText.Of(field.FieldType, nullability.Create(field))} {field.Name}{value}";
    }

    private static string Parameters(MethodBase method, NullabilityInfoContext nullability) =>
        string.Join(", ", method.GetParameters().Select(parameter => Parameter(parameter, nullability)));

    private static string Parameter(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        string way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : "";
        string value = parameter.HasDefaultValue ? " = " + Default(parameter) : "";
        return $"{way}{TypeText.Of(parameter.ParameterType, nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.RawDefaultValue is { } value ? Literal(value) : parameter.ParameterType is { IsValueType: true, Name: not "Nullable`1" } ? "default" : "null";

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static "
            : method.DeclaringType!.IsInterface ? ""
            : method.IsAbstract ? "abstract "
            : method.IsVirtual && !method.IsFinal ? (IsOverride(method) ? "override " : "virtual ")
            : "");

    private static bool IsOverride(MethodBase method) => !method.Attributes.HasFlag(MethodAttributes.NewSlot);
}
