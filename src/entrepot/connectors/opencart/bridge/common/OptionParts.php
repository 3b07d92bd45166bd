<?php
namespace OmsBridge;

/** The options of one product: found by name or made, existing rows kept with their ids. */
class OptionParts
{
    /** After put(): row ids by the option's stored name, and value row ids by that and the value's. */
    public $rows = array();
    public $values = array();
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    /** Answers the greatest sum of values over the options, or null when there are no values. */
    public function put($product_id, ProductPlan $plan, $price)
    {
        $kept = array();
        $keptValues = array();
        $total = null;
        foreach ($plan->options as $option) {
            $option_id = $this->option($option, $plan->languages);
            $row_id = $this->row($product_id, $option_id, $option);
            $kept[] = $row_id;
            $this->rows[$option->name] = $row_id;
            $sum = 0;
            foreach ($option->values as $i => $value) {
                $value_id = $this->value($option_id, $value['name'], $i, $plan->languages);
                $keptValues[] = $this->valueRow($product_id, $row_id, $option_id, $value_id, $value, $price, $plan->keeps);
                $this->values[$option->name][$value['name']] = end($keptValues);
                $sum += $value['quantity'];
            }
            $total = $option->isChoice() ? max((int)$total, $sum) : $total;
        }
        $this->db->run('DELETE FROM ' . $this->db->table('product_option_value') . ' WHERE `product_id` = ' . (int)$product_id . ' AND `product_option_value_id` NOT IN (' . Db::ints($keptValues) . ')');
        $this->db->run('DELETE FROM ' . $this->db->table('product_option') . ' WHERE `product_id` = ' . (int)$product_id . ' AND `product_option_id` NOT IN (' . Db::ints($kept) . ')');
        return $total;
    }

    private function option(OptionPlan $option, $languages)
    {
        $id = $this->db->value('SELECT MIN(o.`option_id`) FROM ' . $this->db->table('option') . ' o JOIN ' . $this->db->table('option_description') . ' d ON d.`option_id` = o.`option_id`'
            . ' WHERE o.`type` = ' . $this->db->quote($option->type) . ' AND d.`name` = ' . $this->db->quote($option->name));
        if ($id !== null) {
            return (int)$id;
        }
        $this->db->run('INSERT INTO ' . $this->db->table('option') . ' (`type`, `sort_order`) VALUES (' . $this->db->quote($option->type) . ', 0)');
        $id = $this->db->lastId();
        foreach ($languages as $language_id) {
            $this->db->run('INSERT INTO ' . $this->db->table('option_description') . ' (`option_id`, `language_id`, `name`) VALUES (' . $id . ', ' . (int)$language_id . ', ' . $this->db->quote($option->name) . ')');
        }
        return $id;
    }

    private function value($option_id, $name, $order, $languages)
    {
        $id = $this->db->value('SELECT MIN(`option_value_id`) FROM ' . $this->db->table('option_value_description') . ' WHERE `option_id` = ' . (int)$option_id . ' AND `name` = ' . $this->db->quote($name));
        if ($id !== null) {
            return (int)$id;
        }
        $this->db->run('INSERT INTO ' . $this->db->table('option_value') . " (`option_id`, `image`, `sort_order`) VALUES (" . (int)$option_id . ", '', " . (int)$order . ')');
        $id = $this->db->lastId();
        foreach ($languages as $language_id) {
            $this->db->run('INSERT INTO ' . $this->db->table('option_value_description') . ' (`option_value_id`, `language_id`, `option_id`, `name`) VALUES ('
                . $id . ', ' . (int)$language_id . ', ' . (int)$option_id . ', ' . $this->db->quote($name) . ')');
        }
        return $id;
    }

    private function row($product_id, $option_id, OptionPlan $option)
    {
        $table = $this->db->table('product_option');
        $id = $this->db->value('SELECT MIN(`product_option_id`) FROM ' . $table . ' WHERE `product_id` = ' . (int)$product_id . ' AND `option_id` = ' . (int)$option_id);
        if ($id !== null) {
            $this->db->run('UPDATE ' . $table . ' SET `required` = ' . (int)$option->required . ' WHERE `product_option_id` = ' . (int)$id);
            return (int)$id;
        }
        $this->db->run('INSERT INTO ' . $table . " (`product_id`, `option_id`, `value`, `required`) VALUES (" . (int)$product_id . ', ' . (int)$option_id . ", '', " . (int)$option->required . ')');
        return $this->db->lastId();
    }

    private function valueRow($product_id, $row_id, $option_id, $value_id, $value, $base, $keeps)
    {
        list($prefix, $amount) = $value['price'] === null ? array('+', '0.0000') : PriceWriter::difference($value['price'], $base);
        $table = $this->db->table('product_option_value');
        $subtract = '`subtract` = ' . (int)$value['subtract'];
        $set = '`quantity` = ' . (int)$value['quantity'] . ', ' . $subtract;
        $price = ", `price` = " . $amount . ", `price_prefix` = '" . $prefix . "'";
        $id = $this->db->value('SELECT MIN(`product_option_value_id`) FROM ' . $table . ' WHERE `product_option_id` = ' . (int)$row_id . ' AND `option_value_id` = ' . (int)$value_id);
        if ($id !== null) {
            $this->db->run('UPDATE ' . $table . ' SET ' . ($keeps ? $subtract : $set) . ($value['price'] === null ? '' : $price) . ' WHERE `product_option_value_id` = ' . (int)$id);
            return (int)$id;
        }
        $this->db->run('INSERT INTO ' . $table . ' SET `product_option_id` = ' . (int)$row_id . ', `product_id` = ' . (int)$product_id . ', `option_id` = ' . (int)$option_id
            . ', `option_value_id` = ' . (int)$value_id . ', ' . $set . $price . ", `points` = 0, `points_prefix` = '+', `weight` = 0, `weight_prefix` = '+'");
        return $this->db->lastId();
    }
}
