<?php
namespace OmsBridge;

/** One wanted variant (4.x), checked: the value it has of each option of its master, and the columns of its own. */
class VariantPlan
{
    /** array(option's stored name => value's stored name) */
    public $choices;
    /** @var ProductPlan */
    public $own;

    /** `$options`: the plans of the options that variants choose from. */
    public static function of(Bridge $bridge, $fields, $options)
    {
        if (!is_array($fields) || !isset($fields['choices']) || !is_array($fields['choices'])) {
            throw Refusal::invalid('variants', 'malformed', 'Every variant must be an object with its choices.');
        }
        $plan = new self();
        $plan->choices = array();
        $given = array();
        foreach ($fields['choices'] as $name => $value) {
            $given[Text::stored($name)] = is_string($value) ? Text::stored($value) : '';
        }
        foreach ($options as $option) {
            $value = isset($given[$option->name]) ? $given[$option->name] : null;
            if (!$option->isChoice() || !in_array($value, Page::column($option->values, 'name'), true)) {
                throw Refusal::invalid('variants', 'choices', 'Every variant must choose one value of each option.');
            }
            $plan->choices[$option->name] = $value;
        }
        if (count($given) !== count($plan->choices)) {
            throw Refusal::invalid('variants', 'choices', 'A variant chooses from an option the product does not have.');
        }
        $own = array_intersect_key($fields, array_flip(array('model', 'sku', 'barcode', 'price', 'quantity', 'status')));
        $plan->own = new ProductPlan($bridge, $own);
        if (!$plan->own->sent('model')) {
            throw Refusal::invalid('variants', 'missing', 'Every variant needs a model.');
        }
        return $plan;
    }
}
